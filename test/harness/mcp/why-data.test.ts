import { expect, test } from 'vitest';
import { LIMIT, sizeOf } from '../../../harness/mcp/answer.ts';
import { explain, type Selection, whyOutput } from '../../../harness/mcp/why-data.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

const recovers = { checker: 'recovers', restsOn: ['opens'] };
const evidence = ['one', 'two', 'three', 'four'];
const past = {
  folder: '/results/runs/chaos/start',
  result: runResult(
    [
      scenarioResult('chaos/a', [finding('time to recover', 'FAIL', recovers), finding('steady', 'PASS')]),
      scenarioResult('chaos/b', [
        finding('reopens', 'INCONCLUSIVE', { checker: 'reopens' }),
        finding('refuses', 'FAIL', { checker: 'refuses', follows: 'opens' }),
        finding('opens', 'FAIL', { checker: 'opens', usually: 'threshold', evidence }),
        finding('opens: other', 'FAIL', { checker: 'opens', usually: 'threshold' }),
      ]),
    ],
    { skipped: [{ name: 'chaos/c', judges: 'c', skipped: 'no breaker' }] },
  ),
};

const why = (selection: Partial<Selection> = {}, limit: number = LIMIT.usual) =>
  whyOutput.parse(explain(past, { offset: 0, ...selection }, limit));
const found = (selection: Partial<Selection> = {}) =>
  why(selection).checks.map(({ check, mayFollow }) => [check, mayFollow]);

test('the most important cause comes first, and a failure of another scenario that follows from it names it', () => {
  expect(found()).toEqual([
    ['opens', undefined],
    ['opens: other', undefined],
    ['time to recover', 'opens'],
    ['refuses', undefined],
    ['reopens', undefined],
  ]);
});

test('of several checks, a cause is given once, with the beginning of the evidence', () => {
  const [first, second] = why().checks;
  expect(first).toMatchObject({
    usually: 'threshold',
    page: 'proofload://docs/checks/opens.md',
    evidence: ['one', 'two'],
  });
  expect(second).not.toHaveProperty('usually');
});

test('a single check has all of its evidence, and the folder of its logs', () => {
  expect(why({ check: 'opens' }).checks).toEqual([
    expect.objectContaining({ evidence, logs: expect.stringMatching(/results\/runs\/chaos\/start\/chaos-b$/) }),
  ]);
  expect(why({ check: 'steady' }).checks).toMatchObject([{ scenario: 'chaos/a', verdict: 'PASS' }]);
});

test('a scenario or a part of a name selects checks, and does not change their causes', () => {
  expect(found({ scenario: 'chaos/a' })).toEqual([['time to recover', 'opens']]);
  expect(found({ check: 'open' })).toEqual([
    ['opens', undefined],
    ['opens: other', undefined],
    ['reopens', undefined],
  ]);
});

test('checks that do not fit follow at the offset that the result names', () => {
  const names: string[] = [];
  let offset: number | undefined = 0;
  while (offset !== undefined) {
    const page = why({ offset }, 2_000);
    expect(sizeOf(page)).toBeLessThanOrEqual(2_000);
    names.push(...page.checks.map(({ check }) => check));
    expect(page.left).toBe(5 - names.length);
    const next = page.next?.find((call) => call.startsWith('the next checks: '));
    offset = next && JSON.parse(next.replace(/^[^{]*/, '')).offset;
  }
  expect(names).toEqual(found().map(([check]) => check));
});

test.each([
  [{ scenario: 'chaos/aa' }, 'the run has no scenario "chaos/aa"; did you mean "chaos/a"?; allowed: chaos/a, chaos/b'],
  [{ scenario: 'chaos/c' }, 'chaos/c was skipped: no breaker'],
  [{ check: 'closes' }, /^the run has no check "closes"; .*allowed: opens, /],
  [{ scenario: 'chaos/a', check: 'opens' }, /no check "opens".*allowed: time to recover, steady$/],
  [{ offset: 5 }, 'there is no check at offset 5; allowed: 0 to 4'],
])('%j is an error that says what is allowed', (selection, message) => {
  expect(() => why(selection)).toThrow(message);
});

test('after a comparison of builds, the next call is another gate, because no scenario compares', () => {
  const gate = {
    folder: '/results/runs/gate/start',
    result: runResult([scenarioResult('gate/comparison', [finding('CPU', 'FAIL')])]),
  };
  const { next } = whyOutput.parse(explain(gate, { offset: 0, check: 'CPU' }, LIMIT.usual));
  expect(next).toEqual(['after a fix: gate, with the same arguments']);
});
