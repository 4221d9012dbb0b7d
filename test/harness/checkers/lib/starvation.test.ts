import { expect, test } from 'vitest';
import { CHECKERS } from '../../../../harness/checkers/index.ts';
import { meanStarvation, starvation } from '../../../../harness/checkers/lib/starvation.ts';
import type { HistoryEvent, Starved } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, requests, starved, T0, verdicts } from '../../../support/history.ts';

const between = (from: number, until: number, ...waits: Starved[]) =>
  starvation(new History(waits))(T0 + from, T0 + until);

test.each<[string, number, Starved[]]>([
  ['nobody who told of it', 0, []],
  ['a party that was watched, and never waited', 0, [starved('service', 0, 0, 0)]],
  ['a wait before', 0, [starved('service', 0, 1_000, 90)]],
  ['a wait after', 0, [starved('service', 2_000, 2_100, 90)]],
  ['a wait meanwhile', 90, [starved('service', 1_100, 1_200, 90)]],
  ['one after the other', 150, [starved('service', 1_100, 1_200, 90), starved('service', 1_200, 1_300, 60)]],
  ['several parties', 80, [starved('service', 1_100, 1_200, 50), starved('database', 1_100, 1_200, 30)]],
  ['a look that began before, of which only a part is its own', 40, [starved('service', 940, 1_040, 90)]],
  ['a look that ended after', 40, [starved('service', 1_960, 2_060, 90)]],
  [
    'a wait longer than the time between two looks, counted when it was over',
    700,
    [starved('fakes', 1_600, 1_700, 900)],
  ],
  ['several parties, all at once', 100, [starved('service', 1_100, 1_200, 90), starved('database', 1_100, 1_200, 60)]],
  ['more than there was time', 1_000, [starved('fakes', 900, 2_100, 1_900), starved('lab', 900, 2_100, 1_900)]],
])('in a second with %s, up to %d ms may be waits for a processor', (_, ms, waits) => {
  expect(between(1_000, 2_000, ...waits)).toBeCloseTo(ms);
});

test('a request waited for the total of all waits divided by the number of requests', () => {
  const history = new History([starved('service', 0, 100, 90)]);
  expect(meanStarvation(history, requests(9, 0, 20, 200, {}))).toBeCloseTo(10);
  expect(meanStarvation(history, [])).toBe(0);
});

const LLM = facts('llm');
/** Waits of `ms` milliseconds in total, spread evenly over a period. */
const throughout = (from: number, until: number, ms: number): Starved[] => {
  const looks = Math.ceil((until - from) / 100);
  return Array.from({ length: looks }, (_, index) =>
    starved('service', from + index * 100, from + (index + 1) * 100, ms / looks),
  );
};
const judged = (checker: string, check: string, events: HistoryEvent[]) =>
  verdicts(CHECKERS[checker]?.judge(new History(events), LLM) ?? [])[check];

/** Creates rejections that take `ms` each, during which the service waits for a processor for `waited` milliseconds. */
const refusals = (ms: number, waited: number): HistoryEvent[] => [
  begun(1, { action: 'opening' }, 0, 0),
  ...requests(5, 0, 1_000, 502, { phase: '1' }),
  begun(2, { action: 'open' }, 9_000, 0),
  ...requests(3, 9_000, ms, 503, { phase: '2', about: 'breaker' }),
  ...throughout(9_000, 9_000 + 3 * ms, 3 * waited),
];

// This happened at a load average of 12 to 16 on two cores: the median was 359 ms, although "nothing stalled" reported
// 57 ms.
test.each([
  ['INCONCLUSIVE', 359, 300],
  ['INCONCLUSIVE', 359, 120],
  ['FAIL', 359, 60],
  ['FAIL', 359, 0],
  ['FAIL', 900, 300],
  ['PASS', 200, 150],
])('gives %s for rejections that took %d ms, including %d ms of waiting for a processor', (verdict, ms, waited) => {
  expect(judged('breaker-refuses-at-once', 'refuses at once', refusals(ms, waited))).toBe(verdict);
});

/**
 * For each check, something that took `late` milliseconds longer than allowed while something waited for a processor
 * for `waited` of them.
 */
const LATE: [checker: string, check: string, events: (late: number, waited: number) => HistoryEvent[]][] = [
  [
    'pool-free-during-upstream-calls',
    'pool free during upstream calls: groq in conversation-end',
    (late, waited) => [
      begun(1, { action: 'slow upstream', upstream: 'groq', endpoint: 'conversation-end' }, 0, 0),
      ...requests(20, 0, 1_000, 201, { phase: '1', about: 'upstream' }),
      ...requests(5, 100, 250 + late, 200, { phase: '1', about: 'read' }),
      ...throughout(100, 100 + 5 * (250 + late), 5 * waited),
    ],
  ],
  [
    'pool-refuses-the-rest',
    'pool refuses the rest in time',
    (late, waited) => [
      begun(1, { action: 'locked' }, 0, 0),
      ...requests(5, 0, 3_000, 200, { phase: '1' }),
      ...Array.from({ length: 30 }, () => request(0, 1_500 + late, 503, { phase: '1' })),
      ...throughout(0, 1_500 + late, waited),
    ],
  ],
  [
    'database-outage-survived',
    'answers in time: stop',
    (late, waited) => [
      begun(1, { action: 'database outage', fault: 'stop' }, 0, 0),
      request(0, 8_000 + late, 503, { phase: '1', about: 'during', endpoint: 'conversation-read' }),
      ...throughout(0, 8_000 + late, waited),
    ],
  ],
  [
    'database-outage-survived',
    'health stays up: stop',
    (late, waited) => [
      begun(1, { action: 'database outage', fault: 'stop' }, 0, 0),
      ...requests(3, 0, 1_000 + late, 200, { phase: '1', about: 'health', endpoint: 'health' }),
      ...throughout(0, 3 * (1_000 + late), 3 * waited),
    ],
  ],
  [
    'faults-answered-in-time',
    'answer in time to reset: groq, conversation-end',
    (late, waited) => [
      begun(1, { action: 'failing', upstream: 'groq', fault: 'reset', endpoint: 'conversation-end' }, 0, 0),
      request(0, 5_000 + late, 502, { phase: '1', about: 'failing' }),
      receipt(1, 1, 1, 'groq', ['f1:reset']),
      ...throughout(0, 5_000 + late, waited),
    ],
  ],
  [
    'slow-upstream-bounded',
    'times out late answers: llm',
    (late, waited) => [
      begun(1, { action: 'too late', breaker: 'llm' }, 0, 0),
      ...Array.from({ length: 5 }, () => request(0, 3_000 + late, 502, { phase: '1' })),
      ...[1, 2, 3, 4, 5].map((seq) => receipt(seq, 1, 3_000, 'groq', ['f1:latency'])),
      ...throughout(0, 3_000 + late, waited),
    ],
  ],
  [
    'hung-trial-given-up',
    'gives up a hung trial: llm',
    (late, waited) => [
      begun(1, { action: 'hung trial', breaker: 'llm' }, 0, 0),
      request(0, 3_000 + late, 502, { phase: '1' }),
      receipt(1, 1, 3_000, 'groq', ['f1:hang']),
      ...throughout(0, 3_000 + late, waited),
    ],
  ],
  [
    'breaker-admits-one-trial',
    'admits one trial',
    (late, waited) => [
      begun(1, { action: 'opening' }, -500, 0),
      ...requests(5, -500, 100, 502, { phase: '1' }),
      begun(2, { action: 'half-open' }, 0, 0),
      request(2_150 + late, 5, 503, { phase: '2' }),
      request(2_150 + late, 5, 503, { phase: '2' }),
      ...throughout(2_000, 2_150 + late, waited),
    ],
  ],
  [
    'slow-upstream-bounded',
    'serves answers within the timeout: llm',
    (late, waited) => [
      begun(1, { action: 'in time', breaker: 'llm' }, 0, 0),
      request(0, 2_000 + late, 502, { phase: '1' }),
      receipt(1, 1, 1_900 - late, 'groq', ['f1:latency']),
      ...throughout(0, 2_000 + late, waited),
    ],
  ],
];

test.each(LATE)(
  "%s doesn't fail a service that waited for a processor, but fails one that didn't: %s",
  (checker, check, of) => {
    expect(judged(checker, check, of(300, 0))).toBe('FAIL');
    expect(judged(checker, check, of(300, 200))).toBe('FAIL');
    expect(judged(checker, check, of(300, 500))).toBe('INCONCLUSIVE');
  },
);
