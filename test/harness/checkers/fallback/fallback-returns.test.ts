import { expect, test } from 'vitest';
import { fallbackReturns } from '../../../../harness/checkers/fallback/fallback-returns.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { ActionPhase } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { T0 } from '../../../support/history.ts';
import { type Arrival, factsOf, fallbackFrom, heal, OUTAGE, phased } from './routed.ts';

const FAILS = fallbackFrom('503');

/** Judges the calls after the first upstream was healed at 105 ms. */
function judged(
  arrivals: readonly Arrival[],
  calls = 1,
  {
    of = FAILS,
    facts = factsOf(),
    healed = [heal(105)],
  }: { of?: ActionPhase; facts?: Facts; healed?: HistoryEvent[] } = {},
) {
  const statuses = Array<number>(calls).fill(200);
  const events = [
    ...phased({
      data: of,
      from: 0,
      arrivals: [
        ['llm', 12, true],
        ['backup', 18],
      ],
    }),
    ...phased({ id: 2, data: { when: 'after', of: 1 }, from: 100, seq: 2, about: 'again', statuses, arrivals }),
    heal(20),
    ...healed,
  ];
  return fallbackReturns.judge(new History(events), facts)[0];
}

test('a call of the first upstream within its recovery timeout passes', () => {
  expect(judged([['llm', 15]])).toMatchObject({
    check: 'returns to the first upstream after 503 at llm: chat',
    requests: [{ phase: '2' }],
    expected: 'llm is called within 1 s, and from then on no other upstream',
    observed: 'called after 0.01 s; 1 call made 1 request',
    verdict: 'PASS',
  });
  expect(
    judged(
      [
        ['backup', 15],
        ['llm', 1_100],
      ],
      2,
      { of: OUTAGE },
    ),
  ).toMatchObject({
    check: 'returns to the first upstream after a long outage: chat',
    verdict: 'PASS',
  });
});

test('a call of the first upstream that comes later fails', () => {
  expect(
    judged(
      [
        ['backup', 15],
        ['llm', 1_300],
      ],
      2,
    )?.verdict,
  ).toBe('FAIL');
  expect(judged([['llm', 300]], 1, { facts: factsOf({}, { breakers: false }) })?.verdict).toBe('FAIL');
});

test('the time ends with the pause after the last call that may have been too early', () => {
  const late = (after: number) =>
    judged(
      [
        ['backup', 15],
        ['llm', 5 + after],
      ],
      2,
    )?.verdict;
  expect(late(1_170)).toBe('PASS');
  expect(late(1_171)).toBe('FAIL');
});

test('the time begins when the first upstream is healed', () => {
  const set: HistoryEvent = { type: 'fault', at: T0 + 101, upstream: 'llm', asked: { kind: 'status' }, id: 'f2' };
  const healed = [set, heal(102, 'backup'), heal(300)];
  expect(judged([['llm', 410]], 1, { healed })?.observed).toBe('called after 0.21 s; 1 call made 1 request');
  expect(judged([['llm', 410]], 1, { healed: [heal(100)] })?.observed).toMatch(/^called after 0\.41 s/);
});

test('the promised time counts instead of the recovery timeout', () => {
  const facts = factsOf({ returnsWithinSeconds: 2 });
  expect(
    judged(
      [
        ['backup', 15],
        ['llm', 1_300],
      ],
      2,
      { facts },
    ),
  ).toMatchObject({
    expected: 'llm is called within 2 s, and from then on no other upstream',
    verdict: 'PASS',
  });
});

test('if the first upstream is never called again, it fails', () => {
  expect(judged([['backup', 15]])).toMatchObject({ observed: 'not called in 0.02 s', verdict: 'FAIL' });
});

test('if both upstreams are called at once, it fails', () => {
  expect(
    judged([
      ['llm', 15],
      ['backup', 15],
    ]),
  ).toMatchObject({
    observed: 'called after 0.01 s; 1 call made 2 requests',
    verdict: 'FAIL',
  });
});

test('without a call or a heal, nothing is proved', () => {
  expect(judged([], 0)?.verdict).toBe('INCONCLUSIVE');
  expect(judged([['llm', 15]], 1, { healed: [] })?.verdict).toBe('INCONCLUSIVE');
  const alone = phased({ data: FAILS, from: 0, arrivals: [['llm', 12, true]] });
  expect(fallbackReturns.judge(new History(alone), factsOf())[0]?.verdict).toBe('INCONCLUSIVE');
  expect(fallbackReturns.judge(new History([]), factsOf())).toEqual([]);
});
