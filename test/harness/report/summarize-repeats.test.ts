import { expect, test } from 'vitest';
import { countRepeats } from '../../../harness/report/repeats.ts';
import { summarizeRepeats } from '../../../harness/report/summarize-repeats.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

const of = (verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE') =>
  runResult([scenarioResult('chaos/a', [finding('stays up', 'PASS'), finding('opens', verdict)])]);
const [good, bad, open] = [of('PASS'), of('FAIL'), of('INCONCLUSIVE')];

test.each([
  [[good, good, good], 3, '3 of 3 repeats passed.'],
  [[bad, bad], 2, '2 of 2 repeats failed.'],
  [[good, open, good], 3, '1 of 3 repeats inconclusive, 2 passed.'],
  [[good, open, bad, good, bad], 5, '2 of 5 repeats failed, 1 inconclusive, 2 passed.'],
  [[good, open], 50, 'only 2 of 50 repeats made, 1 inconclusive, 1 passed.'],
  [[good, good], 50, 'only 2 of 50 repeats made, 2 passed.'],
])('counts the repeats of each verdict: %#', (runs, wanted, text) => {
  const said = summarizeRepeats(countRepeats(runs, wanted, 'results'));
  expect(said).toBe(`${text} Each judged 1 of 1 scenario.`);
});

test('there were no repeats', () => {
  expect(summarizeRepeats(countRepeats([], 3, 'results'))).toBe('only 0 of 3 repeats made.');
});

test('lists the subjects that no repeat judged, and reports a repeat that judged less', () => {
  const skipped = [{ name: 'chaos/b', judges: 'LLM outages', skipped: 'the contract describes no breaker' }];
  const { scenarios } = good;
  const lost = scenarioResult('stress/c', [finding('set up', 'INCONCLUSIVE')], { judges: 'limits', notRun: 'no port' });
  const found = scenarioResult('stress/c', [finding('admits', 'PASS')]);
  const runs = [runResult([...scenarios, found], { skipped }), runResult([...scenarios, lost], { skipped })];
  expect(summarizeRepeats(countRepeats(runs, 2, 'results'))).toBe(
    '1 of 2 repeats inconclusive, 1 passed. Each judged 1 to 2 of 3 scenarios. ' +
      'Not judged: LLM outages because the contract describes no breaker; limits because no port.',
  );
});

test('says how many promises each repeat judged at least', () => {
  const refusal = { promise: ['breakers', 'llm', 'refusal'], checks: 0, scenarios: [] };
  const judging = (count: number) => {
    const promises = [0, 1, 2].map((index) => ({ ...refusal, ...(index < count && { verdict: 'PASS' as const }) }));
    return { ...good, coverage: { ...good.coverage, promises } };
  };
  const said = summarizeRepeats(countRepeats([judging(3), judging(1)], 2, 'results'));
  expect(said).toBe('2 of 2 repeats passed. Each judged 1 of 1 scenario, and at least 1 of 3 promises.');
});
