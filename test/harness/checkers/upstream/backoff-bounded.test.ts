import { expect, test } from 'vitest';
import { backoffBounded } from '../../../../harness/checkers/upstream/backoff-bounded.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { promisedCalls } from '../../../../mocks/promised-calls.ts';
import { type Failing, factsWith, failingHistory } from '../../../support/failing.ts';
import { starved } from '../../../support/history.ts';

const BACKOFF = promisedCalls.parse({ attempts: 3, backoff: { minSeconds: 0.2, maxSeconds: 0.5 } });

const judged = (seen: Failing, calls = BACKOFF) =>
  backoffBounded.judge(new History(failingHistory({ failing: 2, ...seen })), factsWith({}, calls));

const RESET = { kind: 'reset' };
const after = (retryAfter: object) => ({ kind: 'status', status: 503, retryAfter });

// An attempt ends 5 ms after it has arrived, and the tolerance is 150 ms.
test.each([
  [300, 'PASS'],
  [655, 'PASS'],
  [656, 'FAIL'],
])('at most 0.5 s, and attempts that are %d ms apart, give %s', (apart, verdict) => {
  expect(judged({ asked: RESET, apart })).toMatchObject([
    {
      check: 'time between attempts is bounded: groq, conversation-end',
      requests: [{ phase: '1' }],
      verdict,
    },
  ]);
});

test('tells the longest of several waits, in whichever order they are', () => {
  const fault = { kind: 'status', status: 500 };
  const later = failingHistory({ asked: fault, failing: 2, apart: 305 }).map((event): HistoryEvent => {
    const at = event.at + 100_000;
    if (event.type === 'phase') return { ...event, at, id: Number(event.id) + 2, receipts: event.receipts + 10 };
    if (event.type !== 'receipt' || event.kind !== 'request') return { ...event, at };
    return { ...event, at, seq: event.seq + 10, endedAt: at + 5 };
  });
  for (const first of [205, 405]) {
    const events = [...failingHistory({ asked: RESET, fault: 'reset', failing: 2, apart: first }), ...later];
    const [found] = backoffBounded.judge(new History(events), factsWith({}, BACKOFF));
    const longest = first === 405 ? '0.40 s, after reset' : '0.30 s, after plain-500';
    expect(found?.observed).toBe(`the longest of 2 waits was ${longest}`);
  }
});

test('a service that waited for a processor is not blamed', () => {
  const more: HistoryEvent[] = [starved('service', 100, 900, 400)];
  expect(judged({ asked: RESET, apart: 1_000, more })).toMatchObject([
    { verdict: 'INCONCLUSIVE', evidence: [expect.stringMatching(/^measured .* of tolerance and .* machine noise: /)] },
  ]);
});

test('a wait that the upstream asked for is not bounded', () => {
  for (const fault of [after({ seconds: 1 }), after({ dateInSeconds: 2 }), after({ milliseconds: 1_500 }), undefined]) {
    expect(judged({ apart: 2_000, ...(fault && { asked: fault }) })).toMatchObject([
      { observed: 'no second attempt', verdict: 'INCONCLUSIVE' },
    ]);
  }
});

// Two waits of a call. An attempt ends 5 ms after it has arrived, and the tolerance is 150 ms.
test.each([
  [305, 'PASS'],
  [380, 'PASS'],
  [381, 'FAIL'],
])('at most 0.6 s in all, and three attempts that are %d ms apart, give %s', (apart, verdict) => {
  const calls = promisedCalls.parse({ attempts: 3, backoff: { minSeconds: 0.2, totalSeconds: 0.6 } });
  const [found, ...more] = judged({ asked: RESET, fault: 'reset', failing: 3, apart }, calls);
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    check: 'all waits between attempts are bounded: groq, conversation-end',
    expected: 'at most 0.6 s, unless the upstream asks for a different wait',
    verdict,
  });
  expect(found?.observed).toMatch(/^the longest of 1 call, all waits together, was 0\.\d\d s, after reset$/);
});

test('a longer wait that the upstream asks for does not count', () => {
  const calls = promisedCalls.parse({ attempts: 3, backoff: { minSeconds: 0.2, totalSeconds: 0.6 } });
  expect(judged({ asked: after({ seconds: 2 }), failing: 3, apart: 2_000 }, calls)).toMatchObject([
    { verdict: 'INCONCLUSIVE' },
  ]);
});
