import { expect, test } from 'vitest';
import { fallbackBreakersApart } from '../../../../harness/checkers/fallback/fallback-breakers-apart.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { verdicts } from '../../../support/history.ts';
import { type Arrival, factsOf, OUTAGE, phased, RATED } from './routed.ts';

interface Seen {
  statuses?: number[];
  reached?: number;
  /** The calls during the outage for which the next upstream is called: those that are served, all or none. */
  next?: 'served' | 'all' | 'none';
  openStatuses?: number[];
  leaked?: readonly Arrival[];
  /** How many calls are made when the breaker is half-open, and how many of them reach the first upstream. */
  many?: number;
  trials?: number;
  /** The status of those of them that are no trials. */
  others?: number;
  /** When the phase with the open breaker begins, in milliseconds. */
  openFrom?: number;
}

/**
 * Judges three failing calls, two after the breaker has opened, and four at once when it is half-open. Without
 * `openStatuses`, there are only the first ones.
 */
function judged(seen: Seen, facts = factsOf(), filled: readonly HistoryEvent[] = []) {
  const { statuses = [200, 200, 200], reached = 3, next: called = 'served', openStatuses, leaked = [] } = seen;
  const { many: halfOpen = 4, trials = 1, others = 200, openFrom = 200 } = seen;
  const first = (calls: number) => Array.from({ length: calls }, (_, index): Arrival => ['llm', 12 + index * 20, true]);
  const next = (of: number[]): Arrival[] =>
    of.flatMap((status, index): Arrival[] => (status === 200 ? [['backup', 18 + index * 20]] : []));
  const arrived = called === 'all' ? statuses.map(() => 200) : statuses;
  const outage = [...first(reached), ...(called === 'none' ? [] : next(arrived))];
  const many = Array.from({ length: halfOpen }, (_, index) => (index < trials ? 200 : others));
  const open = [...leaked, ...next(openStatuses ?? [])];
  const seq = filled.filter(({ type }) => type === 'receipt').length;
  const events = [
    ...filled,
    ...phased({ data: { ...OUTAGE, ...(seq > 0 && { primed: [4] }) }, from: 0, seq, statuses, arrivals: outage }),
    ...(openStatuses
      ? [
          ...phased({
            id: 2,
            data: { action: 'fallback open', endpoint: 'chat' },
            from: openFrom,
            seq: seq + outage.length,
            statuses: openStatuses,
            arrivals: open,
          }),
          ...phased({
            id: 3,
            data: { action: 'fallback half-open', endpoint: 'chat' },
            from: openFrom + 2_000,
            seq: seq + outage.length + open.length,
            statuses: many,
            arrivals: [...first(trials), ...next(many)],
          }),
        ]
      : []),
  ];
  return fallbackBreakersApart.judge(new History(events), facts);
}

const of = (seen: Seen, facts = factsOf()) => Object.values(verdicts(judged(seen, facts)));

test('calls that the next upstream serves, and a breaker that opens, pass', () => {
  const found = judged({ openStatuses: [200, 200] });
  expect(found).toMatchObject([
    {
      check: 'served during an outage of the first upstream: chat',
      requests: [{ phase: '1' }, { phase: '2' }, { phase: '3' }],
      observed: '9 × 200; 9 of 9 calls reached it',
      verdict: 'PASS',
    },
    {
      check: 'opens behind the fallback: llm, chat',
      requests: [{ phase: '1' }, { phase: '2' }],
      observed: '3 of 3 calls reached it; afterwards, 0 of 2 calls reached it',
      verdict: 'PASS',
    },
    {
      check: 'admits its trials behind the fallback: llm, chat',
      requests: [{ phase: '3' }],
      expected: 'at most 1 of many simultaneous calls reach llm',
      observed: '1 of 4 calls reached it',
      verdict: 'PASS',
    },
  ]);
});

test('calls that are rejected or made up during the outage fail', () => {
  expect(of({ openStatuses: [200, 502] })).toEqual(['FAIL', 'PASS', 'PASS']);
  expect(of({ statuses: [200, 200, 502], openStatuses: [200, 200] })).toEqual(['FAIL', 'PASS', 'PASS']);
  expect(of({ statuses: [200, 200, 502], next: 'all', openStatuses: [200, 200] })).toEqual(['FAIL', 'PASS', 'PASS']);
  expect(of({ next: 'none', openStatuses: [200, 200] })).toEqual(['FAIL', 'PASS', 'PASS']);
});

test('names a refusal that the fallback does not handle', () => {
  const usually = (seen: Seen) => judged(seen)[0]?.usually;
  const handled = /^The fallback does not handle the refusal of an open breaker: once llm is open/;
  expect(usually({ openStatuses: [502, 502] })).toMatch(handled);
  expect(usually({ openStatuses: [502, 502], others: 502 })).toMatch(handled);
  expect(usually({ openStatuses: [502, 502], others: 502, openFrom: 56 })).toMatch(handled);
  expect(usually({ openStatuses: [503, 502] })).toBeUndefined();
  expect(usually({ openStatuses: [502, 502], leaked: [['llm', 12, true]] })).toBeUndefined();
});

test('a breaker that opens early or never fails', () => {
  expect(of({ reached: 2, openStatuses: [200, 200] })).toEqual(['PASS', 'FAIL', 'PASS']);
  expect(of({ openStatuses: [200, 200], leaked: [['llm', 12, true]] })).toEqual(['PASS', 'FAIL', 'PASS']);
});

test('a breaker above retries may open within a call', () => {
  expect(of({ reached: 2, openStatuses: [200, 200] }, factsOf({}, { attempts: 2 }))).toEqual(['PASS', 'PASS', 'PASS']);
});

test('a breaker that opens by a rate is judged if it has seen the successes that it needs', () => {
  const facts = factsOf({}, { numbers: RATED });
  expect(of({ openStatuses: [200, 200] }, facts)).toEqual(['PASS', 'INCONCLUSIVE', 'PASS']);
  const filled = phased({
    id: 4,
    data: { action: 'filled' },
    from: -500,
    arrivals: Array.from({ length: 6 }, (): Arrival => ['llm', 10]),
  });
  expect(judged({ openStatuses: [200, 200] }, facts, filled)[1]?.verdict).toBe('PASS');
});

test('too few failures, or no calls after them, prove nothing', () => {
  const two = { statuses: [200, 200], reached: 2, openStatuses: [200, 200] };
  expect(of(two)).toEqual(['PASS', 'INCONCLUSIVE', 'PASS']);
  expect(of({ openStatuses: [] })).toEqual(['PASS', 'INCONCLUSIVE', 'PASS']);
});

test('calls after the recovery timeout prove nothing about an open breaker', () => {
  // The last failure is sent after 50 ms, and a trial may come 950 ms later.
  const trial = { openStatuses: [200, 200], leaked: [['llm', 800, true]] as const };
  expect(of(trial)).toEqual(['PASS', 'PASS', 'PASS']);
  expect(of({ ...trial, leaked: [['llm', 799, true]] })).toEqual(['PASS', 'FAIL', 'PASS']);
  expect(of({ openStatuses: [200, 200], openFrom: 954 })).toEqual(['PASS', 'PASS', 'PASS']);
  expect(of({ openStatuses: [200, 200], openFrom: 955 })).toEqual(['PASS', 'INCONCLUSIVE', 'PASS']);
  expect(of({ openStatuses: [200, 200], openFrom: 1_100, leaked: [['llm', 12, true]] })).toEqual([
    'PASS',
    'INCONCLUSIVE',
    'PASS',
  ]);
});

test('more trials at once than promised fail, and none proves nothing', () => {
  expect(of({ openStatuses: [200, 200], trials: 2 })).toEqual(['PASS', 'PASS', 'FAIL']);
  expect(of({ openStatuses: [200, 200], trials: 0 })).toEqual(['PASS', 'PASS', 'INCONCLUSIVE']);
  expect(of({ openStatuses: [200, 200], many: 1 })).toEqual(['PASS', 'PASS', 'INCONCLUSIVE']);
});

test('any number of trials is right for a breaker that allows it', () => {
  const any = factsOf({}, { breaker: { trials: 'any' } });
  expect(of({ openStatuses: [200, 200], trials: 4 }, any)).toEqual(['PASS', 'PASS']);
});

test('without a breaker, only the answers are judged', () => {
  expect(judged({}, factsOf({}, { breakers: false })).map(({ verdict }) => verdict)).toEqual(['PASS']);
  expect(judged({ statuses: [] }, factsOf({}, { breakers: false })).map(({ verdict }) => verdict)).toEqual([
    'INCONCLUSIVE',
  ]);
});
