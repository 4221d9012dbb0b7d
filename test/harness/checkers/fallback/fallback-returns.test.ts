import { expect, test } from 'vitest';
import { fallbackReturns } from '../../../../harness/checkers/fallback/fallback-returns.ts';
import { History } from '../../../../harness/history/history.ts';
import { type Arrival, factsOf, heal, phased } from './routed.ts';

const FAILS = 'fallback 503 at llm in chat';
const OUTAGE = 'fallback outage in chat';

/** Judges the calls after the first upstream was healed at 105 ms. */
function judged(arrivals: readonly Arrival[], calls = 1, { of = FAILS, facts = factsOf() } = {}) {
  const statuses = Array<number>(calls).fill(200);
  const events = [
    ...phased({
      name: of,
      from: 0,
      arrivals: [
        ['llm', 12, true],
        ['backup', 18],
      ],
    }),
    ...phased({ name: `after ${of}`, from: 100, seq: 2, about: 'again', statuses, arrivals }),
    heal(20),
    heal(105),
  ];
  return fallbackReturns.judge(new History(events), facts)[0];
}

test('a call of the first upstream within its recovery timeout passes', () => {
  expect(judged([['llm', 15]])).toMatchObject({
    check: 'returns to the first upstream after 503 at llm: chat',
    expected: 'llm is called within 1 s, and then no other',
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
  expect(judged([['llm', 300]], 1, { facts: factsOf({}, false) })?.verdict).toBe('FAIL');
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
    expected: 'llm is called within 2 s, and then no other',
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
  expect(fallbackReturns.judge(new History([]), factsOf())).toEqual([]);
});
