import { expect, test } from 'vitest';
import { keyOf, type PromisePath } from '../../../harness/contract/promise-path.ts';
import type { Verdict } from '../../../harness/verdict/finding.ts';
import { coverPromises, promiseTally } from '../../../harness/verdict/promise-coverage.ts';
import type { RunResult } from '../../../harness/verdict/run-result.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

const REFUSAL = ['breakers', 'llm', 'refusal'];
const none = () => undefined;

const judging = (verdict: Verdict, ...promises: PromisePath[]) => finding(`${verdict} of it`, verdict, { promises });

/** Returns the outcome of the only promise of a contract, which one scenario checks. */
function covered(run: Pick<RunResult, 'scenarios' | 'skipped'>, scenarios: string[] | undefined = ['chaos/a']) {
  const [only, ...others] = coverPromises(run, {
    promises: [REFUSAL],
    scenarios: new Map([[keyOf(REFUSAL), scenarios]]),
    proofOf: none,
  });
  expect(others).toEqual([]);
  return only;
}

test('a promise is judged by the checks that passed or failed, and failed if one of them did', () => {
  const [passed, failed, open] = (['PASS', 'FAIL', 'INCONCLUSIVE'] as const).map((verdict) =>
    judging(verdict, REFUSAL),
  );
  if (!passed || !failed || !open) throw new Error('three verdicts');
  const a = scenarioResult('chaos/a', [passed, open]);
  const b = scenarioResult('chaos/b', [passed, failed]);
  expect(covered(runResult([a]))).toEqual({ promise: REFUSAL, verdict: 'PASS', checks: 1, scenarios: ['chaos/a'] });
  expect(covered(runResult([a, b]))).toMatchObject({ verdict: 'FAIL', checks: 3, scenarios: ['chaos/a', 'chaos/b'] });
});

test('a check that names two parts of a promise judges it once', () => {
  const parts = judging('PASS', ['refusedStarts', 'x', 'says'], ['refusedStarts', 'x', 'exitCode']);
  const [row] = coverPromises(runResult([scenarioResult('chaos/a', [parts])]), {
    promises: [['refusedStarts', 'x']],
    scenarios: new Map(),
    proofOf: none,
  });
  expect(row).toMatchObject({ verdict: 'PASS', checks: 1 });
});

test.each([
  [
    'could not decide',
    runResult([scenarioResult('chaos/a', [judging('INCONCLUSIVE', REFUSAL), judging('INCONCLUSIVE', REFUSAL)])]),
    'its checks could not decide: INCONCLUSIVE of it (chaos/a), and 1 more',
  ],
  [
    'could not be set up',
    runResult([scenarioResult('chaos/a', [finding('scenario set up', 'INCONCLUSIVE')], { notRun: 'no port' })]),
    'chaos/a could not be set up',
  ],
  [
    'was forgotten',
    runResult([scenarioResult('chaos/a', [finding('other', 'PASS')])]),
    'chaos/a did not reach a check of it',
  ],
  [
    'was skipped',
    runResult([], { skipped: [{ name: 'chaos/a', judges: 'a', skipped: 'the contract has no pool' }] }),
    'chaos/a was skipped: the contract has no pool',
  ],
  ['was not asked for', runResult([]), 'the scenarios that judge it did not run'],
])('a promise is not judged if its check %s, and the reason is named', (_, run, because) => {
  expect(covered(run)).toEqual({ promise: REFUSAL, because, checks: 0, scenarios: ['chaos/a'] });
});

test('a promise that nothing judges is different from one of which nothing is known', () => {
  expect(covered(runResult([]), [])?.because).toBe('no known scenario judges it with this contract');
  const unknown = { promises: [REFUSAL], scenarios: new Map(), proofOf: none };
  expect(coverPromises(runResult([]), unknown)[0]?.because).toBe('no recorded event concerns it');
});

test('numbers of another profile are promises as well, if a scenario judges them', () => {
  const other = ['profiles', 'changed', 'limits', 'read', 'max'];
  const rows = coverPromises(runResult([scenarioResult('stress/a', [judging('PASS', other)])]), {
    promises: [REFUSAL],
    scenarios: new Map([[keyOf(REFUSAL), []]]),
    proofOf: none,
  });
  expect(rows.map(({ promise, verdict }) => [promise, verdict])).toEqual([
    [REFUSAL, undefined],
    [other, 'PASS'],
  ]);
});

test('only promises that were judged count as proved, and no outdated proof does', () => {
  const proved = { checker: 'c', mutant: 'm', scenario: 's', at: '2026-11-30T04:00:00.000Z' };
  const base = { promise: REFUSAL, checks: 1, scenarios: [] };
  const promises = [
    { ...base, verdict: 'PASS' as const, proved },
    { ...base, verdict: 'FAIL' as const, proved: { ...proved, outdated: 'changed' } },
    { ...base, because: 'x', proved },
  ];
  expect(promiseTally({ ...runResult([]).coverage, promises })).toBe('2 of 3 promises judged, 1 proved');
  expect(promiseTally(runResult([]).coverage)).toBe(undefined);
});
