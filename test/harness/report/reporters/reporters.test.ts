import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { stepLines } from '../../../../harness/report/live/plain-lines.ts';
import { countRepeats } from '../../../../harness/report/repeats.ts';
import { githubReporter } from '../../../../harness/report/reporters/github.ts';
import { jsonReporter } from '../../../../harness/report/reporters/json.ts';
import { listReporter } from '../../../../harness/report/reporters/list.ts';
import type { Reporter, RunPlan } from '../../../../harness/report/reporters/reporter.ts';
import { finding, runResult, scenarioResult } from '../../../support/run-result.ts';

const plan: RunPlan = {
  service: 'a service',
  contract: 'proofload.yaml',
  profile: 'fast',
  seed: 7,
  postgres: 'embedded PostgreSQL',
  engine: { name: 'embedded', version: 'v0.1.0' },
  machine: 'timers up to 2 ms late',
  width: 2,
  skipped: 1,
  scenarios: ['chaos/a', 'chaos/b'].map((name) => ({ name, seconds: 8, atOnce: Number.POSITIVE_INFINITY })),
  seconds: 8,
  folder: 'results/run',
  again: 'make chaos LAST_FAILED=1',
};
const good = scenarioResult('chaos/a', [finding('opens', 'PASS')]);
const bad = scenarioResult('chaos/b', [finding('opens', 'FAIL'), finding('closes', 'PASS')]);

/** Returns the lines that a reporter prints for a run of these scenarios. */
function linesOf(create: (print: (text: string) => void) => Reporter, scenarios = [good, bad]): string[] {
  const lines: string[] = [];
  using reporter = create((text) => lines.push(...stripVTControlCharacters(text).split('\n')));
  reporter.step('bringing the lab up');
  reporter.runBegins(plan);
  for (const scenario of scenarios) {
    reporter.scenarioBegins({ scenario: scenario.scenario, breakers: [] }).ended();
    reporter.scenarioEnds(scenario);
  }
  reporter.runEnds(runResult(scenarios));
  return lines;
}

const display = () => stepLines(() => {});

test('list prints a headline, one line for each scenario that passes, and a summary', () => {
  expect(linesOf((print) => listReporter({ print, display: display() }), [good])).toEqual([
    'a service (proofload.yaml): 2 scenarios, 2 at once, about 8 s; 1 skipped',
    'profile fast, seed 7, engine embedded, database: embedded PostgreSQL',
    '',
    'PASS          chaos/a    8.3 s  1 check',
    '',
    'Scenarios: 1 passed in 9.5 s',
    'Report:    results/run/report.html',
    'PASS: 1 of 1 scenario judged, 1 check.',
  ]);
});

test('list prints the failed checks, and finally the command that runs them again', () => {
  const lines = linesOf((print) => listReporter({ print, display: display() }), [bad, good]);
  expect(lines).toContain('  FAIL  opens');
  expect(lines).not.toContain('  PASS  closes');
  expect(lines.slice(-4)).toEqual([
    'Scenarios: 1 passed, 1 failed in 9.5 s',
    'Report:    results/run/report.html',
    'Run again: make chaos SCENARIO=chaos/b SEED=7',
    'FAIL: 2 of 2 scenarios judged, 3 checks: 1 failed.',
  ]);
});

test('the summary lists the slowest scenarios, the causes, and one command for everything that failed', () => {
  const log = finding('log', 'INCONCLUSIVE', { restsOn: ['opens'] });
  const scenarios = ['a', 'b', 'c', 'd'].map((name, index) =>
    scenarioResult(`chaos/${name}`, [name === 'a' ? log : finding('opens', 'FAIL', { checker: 'opens' })], {
      seconds: index + 1,
    }),
  );
  const lines = linesOf((print) => listReporter({ print, display: display() }), scenarios);
  const at = lines.indexOf('Likely causes, most important first:');
  expect(lines.slice(at + 1, at + 5)).toEqual([
    '  - opens fails in 3 scenarios (chaos/b, chaos/c, chaos/d)',
    '    expected: exactly 5',
    '    observed: 6 of 5',
    '  - log is inconclusive in chaos/a; may follow from the first one',
  ]);
  expect(lines).toContain(
    'Scenarios: 3 failed, 1 inconclusive in 9.5 s; slowest: chaos/d 4.0 s, chaos/c 3.0 s, chaos/b 2.0 s',
  );
  expect(lines).toContain('Run again: make chaos LAST_FAILED=1');
});

test('list in verbose mode prints the tables of all checks, the engine and the machine', () => {
  const text = linesOf((print) => listReporter({ print, display: display(), verbose: true })).join('\n');
  expect(text).toMatch(/opens\W+exactly 5\W+6 of 5\W+PASS/);
  expect(text).toContain('engine: embedded (v0.1.0)');
  expect(text).toContain('machine: timers up to 2 ms late');
});

test('line only prints scenarios that did not pass, and the summary', () => {
  const lines = linesOf((print) => listReporter({ print, display: display(), onlyProblems: true }));
  expect(lines.filter((line) => /^(PASS|FAIL)\b/.test(line))).toEqual([
    expect.stringContaining('FAIL          chaos/b'),
    'FAIL: 2 of 2 scenarios judged, 3 checks: 1 failed.',
  ]);
});

test.each([
  [[good], 'INCONCLUSIVE: interrupted by SIGINT after 9.5 s, when 1 of 2 scenarios had passed. Report: '],
  [[good, bad], 'FAIL: interrupted by SIGINT after 9.5 s, when 1 of 2 scenarios had passed, 1 failed. Report: '],
])('a run that was interrupted ends with one line', (scenarios, line) => {
  const cut = scenarioResult('chaos/c', [finding('opens', 'INCONCLUSIVE')]);
  const coverage = { asked: 3, judged: 1, checks: 1, notJudged: [] };
  const skipped = [{ name: 'chaos/d', judges: 'd', skipped: 'no breaker' }];
  const run = runResult([...scenarios, cut], { stopped: 'interrupted by SIGINT', coverage, skipped });
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(stripVTControlCharacters(text));
  for (const create of [listReporter, githubReporter]) {
    printed.length = 0;
    const reporter = create({ print, printCommand: () => {}, display: display() });
    reporter.runBegins(plan);
    printed.length = 0;
    reporter.runInterrupted(run);
    expect(printed).toEqual([`${line}results/run/report.html`]);
  }
  const json: unknown[] = [];
  jsonReporter({ printJson: (value) => json.push(value), printError: () => {} }).runInterrupted(run);
  expect(json).toEqual([run]);
});

test('json prints the verdict as one document, and only counts for repeats', () => {
  const printed: unknown[] = [];
  const reporter = jsonReporter({ printJson: (value) => printed.push(value), printError: () => {} });
  const run = runResult([good]);
  reporter.runBegins(plan);
  reporter.runEnds(run);
  expect(printed).toEqual([run]);
  printed.length = 0;
  const repeats = countRepeats([run], 1, 'results');
  reporter.runBegins({ ...plan, repetition: '1 of 1' });
  reporter.runEnds(run);
  reporter.repeatsEnd(repeats);
  expect(printed).toEqual([repeats]);
});

test('github prints the list, collapses the tables in groups, and annotates failures', () => {
  const lines = linesOf((print) => githubReporter({ print, printCommand: print, display: display() }));
  expect(lines.filter((line) => line.startsWith('::')).map((line) => line.replace(/,title=.*/, ''))).toEqual([
    '::group::all checks of chaos/a',
    '::endgroup::',
    '::group::all checks of chaos/b',
    '::endgroup::',
    '::error file=proofload.yaml',
  ]);
  expect(lines.at(-1)).toBe('FAIL: 2 of 2 scenarios judged, 3 checks: 1 failed.');
});
