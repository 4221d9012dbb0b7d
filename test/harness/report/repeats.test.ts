import { expect, test } from 'vitest';
import { countRepeats, repeatsTable } from '../../../harness/report/repeats.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

const good = scenarioResult('chaos/a', [finding('opens', 'PASS'), finding('closes', 'PASS')]);
const bad = scenarioResult('chaos/a', [finding('opens', 'PASS'), finding('closes', 'FAIL')]);
const unsure = scenarioResult('chaos/a', [finding('opens', 'INCONCLUSIVE'), finding('closes', 'PASS')]);
const other = scenarioResult('stress/b', [finding('admits', 'PASS')]);

test('counts verdicts by scenario and check, and lists the repeats in which each was not PASS', () => {
  const runs = [[good, other], [bad, other], [unsure], [bad]].map((scenarios) => runResult(scenarios));
  expect(countRepeats(runs, 4, 'results')).toMatchObject({
    verdict: 'FAIL',
    scenarios: [
      {
        scenario: 'chaos/a',
        counts: { PASS: 1, FAIL: 2, INCONCLUSIVE: 1 },
        notPassed: [2, 3, 4],
        checks: [
          { check: 'opens', counts: { PASS: 3, FAIL: 0, INCONCLUSIVE: 1 }, notPassed: [3] },
          { check: 'closes', counts: { PASS: 2, FAIL: 2, INCONCLUSIVE: 0 }, notPassed: [2, 4] },
        ],
      },
      { scenario: 'stress/b', counts: { PASS: 2, FAIL: 0, INCONCLUSIVE: 0 }, notPassed: [] },
    ],
  });
});

test.each([
  ['all passed', [good, good], 2, 'PASS'],
  ['one was not proved', [good, unsure], 2, 'INCONCLUSIVE'],
  ['one failed', [bad, unsure], 2, 'FAIL'],
  ['fewer were made than asked for', [good, good], 3, 'INCONCLUSIVE'],
  ['one failed of fewer than asked for', [bad], 3, 'FAIL'],
  ['none was made', [], 3, 'INCONCLUSIVE'],
] as const)('where %s, all of it is %#: %s', (_, scenarios, wanted, verdict) => {
  const runs = scenarios.map((scenario) => runResult([scenario]));
  expect(countRepeats(runs, wanted, 'results').verdict).toBe(verdict);
});

test('a check with several findings lists a repeat once', () => {
  const twice = scenarioResult('chaos/a', [finding('opens', 'FAIL'), finding('opens', 'FAIL')]);
  const [scenario] = countRepeats([runResult([twice])], 1, 'results').scenarios;
  expect(scenario?.checks).toMatchObject([{ counts: { FAIL: 2 }, notPassed: [1] }]);
});

test('the table has all scenarios, the checks that did not always pass, and their folders', () => {
  const runs = [good, bad].map((scenario) => runResult([scenario, other]));
  const text = repeatsTable(countRepeats(runs, 2, 'results'));
  expect(text).toMatch(/│ chaos\/a +│ 1 +│ 1 +│ 0 +│ 2 +│/);
  expect(text).toMatch(/│ {3}closes +│ 1 +│ 1 +│ 0 +│ 2 +│/);
  expect(text).toMatch(/│ stress\/b +│ 2 +│ 0 +│ 0 +│ +│/);
  expect(text).not.toContain('opens');
  expect(text).toContain('repeat 2: FAIL  results/runs/chaos/2026-11-24T16-48-27.692Z');
  expect(text).not.toContain('repeat 1:');
});

test('of many repeats, the table lists the first ones', () => {
  const text = repeatsTable(
    countRepeats(
      Array.from({ length: 12 }, () => runResult([bad])),
      12,
      'results',
    ),
  );
  expect(text).toMatch(/1, 2, 3, 4, 5, 6, 7, 8 …/);
});
