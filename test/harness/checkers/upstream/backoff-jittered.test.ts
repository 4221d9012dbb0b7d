import { expect, test } from 'vitest';
import { backoffJittered } from '../../../../harness/checkers/upstream/backoff-jittered.ts';
import { History } from '../../../../harness/history/history.ts';
import { promisedCalls } from '../../../../mocks/promised-calls.ts';
import { factsWith } from '../../../support/failing.ts';
import { begun, receipt, starved, T0 } from '../../../support/history.ts';

const FACTS = factsWith({}, promisedCalls.parse({ attempts: 2, backoff: { minSeconds: 0.3, jitter: true } }));

const FAILED = ['f1:status'];

/** A volley of requests: when they fail, and when they are sent again, in milliseconds. */
interface Volley {
  failed: readonly number[];
  again: readonly number[];
}

/** Volleys ten seconds apart. */
function historyOf(volleys: readonly Volley[]): History {
  let seq = 0;
  const events = volleys.flatMap(({ failed, again }, index) => {
    const at = index * 10_000;
    const volley = { action: 'volley', round: index + 1, upstream: 'groq', endpoint: 'conversation-end' } as const;
    const entry = begun(index + 1, volley, at, seq);
    const arrived = [
      ...failed.map((after) => ({ after, faults: FAILED })),
      ...again.map((after) => ({ after, faults: [] })),
    ].map(({ after, faults }) => {
      seq += 1;
      return receipt(seq, at + after, 5, 'groq', faults);
    });
    return [entry, ...arrived];
  });
  return new History([...events, begun(100, { action: 'end' }, 100_000, seq)]);
}

const evenly = (n: number, from: number, range: number): number[] =>
  Array.from({ length: n }, (_, index) => from + (range * index) / (n - 1));

/** Volleys of 20 callers that fail within 40 ms, and whose waits of 400 ms differ by up to `range`. */
const threeVolleys = (range: number): Volley[] =>
  Array.from({ length: 3 }, () => ({
    failed: evenly(20, 0, 40),
    again: evenly(20, 400, 40 + range),
  }));

const judged = (volleys: readonly Volley[]) => backoffJittered.judge(historyOf(volleys), FACTS);

test.each([
  [0, 'FAIL'],
  [27, 'FAIL'],
  [29, 'INCONCLUSIVE'],
  [37, 'INCONCLUSIVE'],
  [38, 'PASS'],
  [200, 'PASS'],
])('waits of about 400 ms that differ by up to %d ms give %s', (range, verdict) => {
  expect(judged(threeVolleys(range))).toMatchObject([
    { check: 'time between attempts differs: groq, conversation-end', verdict },
  ]);
});

test('shows what was measured', () => {
  expect(judged(threeVolleys(95))).toMatchObject([
    {
      expected: 'the waits of callers that fail together spread over at least 10% of their median',
      observed: '3 volleys, 60 waits: median 448 ms, spread over 105 ms (23%)',
    },
  ]);
});

test('a wait for a processor is no jitter', () => {
  const history = historyOf(threeVolleys(50));
  expect(backoffJittered.judge(history, FACTS)).toMatchObject([{ verdict: 'PASS' }]);
  expect(backoffJittered.judge(history, FACTS)[0]?.evidence).toBeUndefined();
  for (const at of [0, 10_000, 20_000]) history.add(starved('service', at + 390, at + 500, 40));
  expect(backoffJittered.judge(history, FACTS)).toMatchObject([
    {
      verdict: 'INCONCLUSIVE',
      evidence: [expect.stringMatching(/^measured a spread of .* minus .* machine noise: /)],
    },
  ]);
});

test('waits that differ are proved if more than a fixed time is left without the noise', () => {
  const history = historyOf(threeVolleys(50));
  for (const at of [0, 10_000, 20_000]) history.add(starved('service', at + 390, at + 500, 15));
  expect(backoffJittered.judge(history, FACTS)).toMatchObject([{ verdict: 'PASS' }]);
});

test.each<[string, Volley[]]>([
  ['a single caller at a time', [{ failed: [0], again: [400] }]],
  ['few waits', [{ failed: evenly(5, 0, 10), again: evenly(5, 400, 200) }]],
  ['short waits', threeVolleys(0).map(({ failed }) => ({ failed, again: evenly(20, 45, 40) }))],
  ['requests that are not sent again', threeVolleys(200).map(({ failed }) => ({ failed, again: [] }))],
  [
    'failures so far apart that one may be a second attempt',
    threeVolleys(0).map(() => ({ failed: evenly(20, 0, 300), again: evenly(20, 400, 500) })),
  ],
])('nothing is proved by %s', (_, volleys) => {
  expect(judged(volleys)).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test.each([
  ['during one of three volleys', [0], 276, 'FAIL'],
  ['during all of them', [0, 10_000, 20_000], 276, 'INCONCLUSIVE'],
  ['shortly, during all of them', [0, 10_000, 20_000], 20, 'FAIL'],
  ['between them', [5_000, 15_000], 276, 'FAIL'],
])('waits that are alike are excused by a pause of the machine only %s', (_, begins, ms, verdict) => {
  const history = historyOf(threeVolleys(10));
  for (const at of begins) history.add({ type: 'stall', at: T0 + at + 390, ms, of: 'machine' });
  expect(backoffJittered.judge(history, FACTS)).toMatchObject([{ verdict }]);
});
