import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { compareRuns } from '../../../harness/report/compare.ts';
import { describePastRun, showComparison, showRun } from '../../../harness/report/show.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

const run = (...findings: Parameters<typeof scenarioResult>[1]) => runResult([scenarioResult('chaos/a', findings)]);
const before = run(finding('stays', 'PASS'), finding('breaks', 'PASS'), finding('goes', 'PASS'));
const after = run(finding('stays', 'PASS', { observed: 'else' }), finding('breaks', 'FAIL'), finding('comes', 'PASS'));

test('lists the checks whose verdict changed, and those that only one run has', () => {
  const changes = compareRuns(before, after).map(({ check, before: was, after: is }) => [
    check,
    was?.verdict,
    is?.verdict,
  ]);
  expect(changes).toEqual([
    ['breaks', 'PASS', 'FAIL'],
    ['comes', undefined, 'PASS'],
    ['goes', 'PASS', undefined],
  ]);
});

test('keeps checks of the same name apart', () => {
  const twice = (first: 'PASS' | 'FAIL') => run(finding('x', first), finding('x', 'PASS'));
  expect(compareRuns(twice('PASS'), twice('FAIL'))).toHaveLength(1);
});

test('shows two runs with their changes and different settings', () => {
  const other = { ...after, environment: { ...after.environment, commit: { id: 'fedcba', changed: true } } };
  const text = stripVTControlCharacters(
    showComparison({ folder: '/r/1', result: before }, { folder: '/r/2', result: other }),
  );
  expect(text).toContain('commit changed: 0123456789abcdef → fedcba');
  expect(text).toContain('3 checks changed:\n  chaos/a: breaks: PASS → FAIL\n    was: 6 of 5\n    now: 6 of 5');
  expect(text).toContain('chaos/a: goes: PASS → absent');
  expect(text).not.toContain('stays');
});

test('a scenario that only one of the runs had is named, and none of its checks counts as changed', () => {
  const more = { ...after, scenarios: [...after.scenarios, scenarioResult('chaos/b', [finding('x', 'FAIL')])] };
  const text = showComparison({ folder: '/r/1', result: after }, { folder: '/r/2', result: more });
  expect(text).toContain('only after: chaos/b\nno verdict changed');
});

test('shows a past run with its checks and its verdict', () => {
  const text = stripVTControlCharacters(showRun('/r/2', after, false));
  expect(text).toMatch(/^FAIL +chaos\/a +8\.\d s +3 checks: 1 failed\n {2}FAIL {2}breaks\n/);
  expect(text).not.toContain('stays');
  expect(text).toMatch(/\nFAIL: 1 of 1 scenario judged, 3 checks: 1 failed\.$/);
  expect(stripVTControlCharacters(showRun('/r/2', after, true))).toMatch(/stays\W+exactly 5\W+else\W+PASS/);
});

test('describes the settings of a past run', () => {
  expect(describePastRun(after)).toContain(
    ': a service, profile fast, seed 7, commit 0123456789ab\nengine: embedded (v0)',
  );
});

test('shows the subjects that a past run did not judge, and ends with its coverage', () => {
  const skipped = [{ name: 'chaos/b', judges: 'LLM outages', skipped: 'the contract describes no breaker' }];
  const text = stripVTControlCharacters(showRun('/r/3', runResult(before.scenarios, { skipped }), true));
  expect(text).toContain(
    'Not judged: 1 of 2\n  because the contract describes no breaker:\n    LLM outages (chaos/b)\n',
  );
  expect(text.split('\n').at(-1)).toBe(
    'PASS: 1 of 2 scenarios judged, 3 checks. Not judged: LLM outages because the contract describes no breaker.',
  );
});

test('a comparison says why one of the runs did not judge a scenario', () => {
  const skipped = [{ name: 'chaos/a', judges: 'LLM outages', skipped: 'the contract describes no breaker' }];
  const text = stripVTControlCharacters(
    showComparison({ folder: '/r/1', result: before }, { folder: '/r/2', result: runResult([], { skipped }) }),
  );
  expect(text).toContain('before: PASS: 1 of 1 scenario judged, 3 checks  chaos');
  expect(text).toContain('after:  INCONCLUSIVE: 0 of 1 scenario judged, 0 checks  chaos');
  expect(text).toContain('only before: chaos/a (not judged in the other, because the contract describes no breaker)');
});

const PROOF = { checker: 'c', mutant: 'slow-answers', scenario: 'chaos/a', at: '2026-11-30T04:00:00.000Z' };
const endpoint = (name: string, more: object = {}) => ({
  promise: ['endpoints', name, 'served'],
  verdict: 'PASS' as const,
  checks: 1,
  scenarios: ['stress/smoke'],
  ...more,
});
const unjudged = {
  promise: ['ledger'],
  because: 'the scenarios that judge it did not run',
  checks: 0,
  scenarios: ['chaos/a'],
};

test('lists all promises: a thousand endpoints in a few lines, and the reason for those that were not judged', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => endpoint(`endpoint ${index}`));
  const passed = runResult([scenarioResult('chaos/a', [finding('x', 'PASS')])]);
  const promises = [...many, endpoint('ask', { proved: PROOF }), endpoint('bad', { verdict: 'FAIL' }), unjudged];
  const covered = { ...passed, coverage: { ...passed.coverage, promises } };
  const text = stripVTControlCharacters(showRun('/runs/1', covered, true));
  const lines = text.slice(text.indexOf('Promises of')).replace(/\s+/g, ' ');
  expect(lines).toContain('Promises of the contract: 1002 of 1003 promises judged, 1 proved');
  expect(lines).toContain('not judged, because the scenarios that judge it did not run (chaos/a): ledger ');
  expect(lines).toContain('PASS endpoints.*.served (endpoint 0, endpoint 1, endpoint 2 and 997 more): 1000 checks in');
  expect(lines).toContain('PASS endpoints.ask.served: 1 check in stress/smoke, proved by slow-answers (2026-11-30)');
  expect(lines).toContain('FAIL endpoints.bad.served: 1 check in stress/smoke, not proved');
  expect(text).toMatch(/1 of 1 scenario judged, 1 check; 1002 of 1003 promises judged, 1 proved\.$/);
  expect(stripVTControlCharacters(showRun('/runs/1', covered, false))).not.toContain('Promises of');
});

test('names the checks of a scenario that are not applicable, with the reason', () => {
  const notApplicable = ['pool-recovers', 'pool-ceiling'].map((checker) => ({ checker, reason: 'there is no pool' }));
  const result = runResult([scenarioResult('chaos/a', [finding('x', 'PASS')], { notApplicable })]);
  const text = stripVTControlCharacters(showRun('/runs/1', result, true));
  expect(text).toContain('not applicable: pool-recovers, pool-ceiling, because there is no pool');
});
