import { expect, test } from 'vitest';
import { fallbackBreakersApart } from '../../../../harness/checkers/fallback/fallback-breakers-apart.ts';
import { History } from '../../../../harness/history/history.ts';
import { verdicts } from '../../../support/history.ts';
import { type Arrival, factsOf, phased } from './routed.ts';

interface Seen {
  statuses?: number[];
  reached?: number;
  /** Whether the next upstream is not called during the outage. */
  madeUp?: boolean;
  openStatuses?: number[];
  leaked?: readonly Arrival[];
  /** How many of the calls reach the first upstream when its breaker is half-open. */
  trials?: number;
  /** When the phase with the open breaker begins, in milliseconds. */
  openFrom?: number;
}

/**
 * Judges three failing calls, two after the breaker has opened, and four at once when it is half-open. Without
 * `openStatuses`, there are only the first ones.
 */
function judged(seen: Seen, facts = factsOf()) {
  const { statuses = [200, 200, 200], reached = 3, madeUp = false, openStatuses, leaked = [] } = seen;
  const { trials = 1, openFrom = 200 } = seen;
  const first = (calls: number) => Array.from({ length: calls }, (_, index): Arrival => ['llm', 12 + index * 20, true]);
  const next = (of: number[]): Arrival[] =>
    of.flatMap((status, index): Arrival[] => (status === 200 ? [['backup', 18 + index * 20]] : []));
  const outage = [...first(reached), ...(madeUp ? [] : next(statuses))];
  const many = Array<number>(4).fill(200);
  const open = [...leaked, ...next(openStatuses ?? [])];
  const events = [
    ...phased({ name: 'fallback outage in chat', from: 0, statuses, arrivals: outage }),
    ...(openStatuses
      ? [
          ...phased({
            name: 'fallback open in chat',
            from: openFrom,
            seq: outage.length,
            statuses: openStatuses,
            arrivals: open,
          }),
          ...phased({
            name: 'fallback half-open in chat',
            from: openFrom + 2_000,
            seq: outage.length + open.length,
            statuses: many,
            arrivals: [...first(trials), ...next(many)],
          }),
        ]
      : []),
  ];
  return fallbackBreakersApart.judge(new History(events), facts);
}

const of = (seen: Seen) => Object.values(verdicts(judged(seen)));

test('calls that the next upstream serves, and a breaker that opens, pass', () => {
  const found = judged({ openStatuses: [200, 200] });
  expect(found).toMatchObject([
    {
      check: 'served during an outage of the first upstream: chat',
      observed: '9 × 200; 9 of 9 calls reached it',
      verdict: 'PASS',
    },
    {
      check: 'opens behind the fallback: llm, chat',
      observed: '3 of 3 calls reached it; afterwards, 0 of 2 calls reached it',
      verdict: 'PASS',
    },
    {
      check: 'admits its trials behind the fallback: llm, chat',
      expected: 'at most 1 call of many at once',
      observed: '1 of 4 calls reached it',
      verdict: 'PASS',
    },
  ]);
});

test('calls that are rejected or made up during the outage fail', () => {
  expect(of({ openStatuses: [200, 502] })).toEqual(['FAIL', 'PASS', 'PASS']);
  expect(of({ statuses: [200, 200, 502], openStatuses: [200, 200] })).toEqual(['FAIL', 'PASS', 'PASS']);
  expect(of({ madeUp: true, openStatuses: [200, 200] })).toEqual(['FAIL', 'PASS', 'PASS']);
});

test('a breaker that opens early or never fails', () => {
  expect(of({ reached: 2, openStatuses: [200, 200] })).toEqual(['PASS', 'FAIL', 'PASS']);
  expect(of({ openStatuses: [200, 200], leaked: [['llm', 12, true]] })).toEqual(['PASS', 'FAIL', 'PASS']);
});

test('calls after the recovery timeout prove nothing about an open breaker', () => {
  expect(of({ openStatuses: [200, 200], openFrom: 1_100, leaked: [['llm', 12, true]] })).toEqual([
    'PASS',
    'INCONCLUSIVE',
    'PASS',
  ]);
});

test('more trials at once than promised fail, and none proves nothing', () => {
  expect(of({ openStatuses: [200, 200], trials: 2 })).toEqual(['PASS', 'PASS', 'FAIL']);
  expect(of({ openStatuses: [200, 200], trials: 0 })).toEqual(['PASS', 'PASS', 'INCONCLUSIVE']);
});

test('without a breaker, only the answers are judged', () => {
  expect(judged({}, factsOf({}, false)).map(({ verdict }) => verdict)).toEqual(['PASS']);
  expect(judged({ statuses: [] }, factsOf({}, false)).map(({ verdict }) => verdict)).toEqual(['INCONCLUSIVE']);
});
