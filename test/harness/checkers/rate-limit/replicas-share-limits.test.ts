import { expect, test } from 'vitest';
import { replicasShareLimits } from '../../../../harness/checkers/rate-limit/replicas-share-limits.ts';
import type { RequestSample } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, request, STRAY, starved } from '../../../support/history.ts';

const limit = 'conversation-end';
/** 20 requests in two seconds, as in the profile "fast". */
const MAX = 20;

interface Burst {
  admitted: [number, number];
  of?: [number, number];
  status?: number;
  apart?: number;
  round?: string;
}

/** The responses of two replicas, with the allowed requests of each first. */
function burst(
  step: string,
  at: number,
  { admitted, of = [25, 25], status = 429, apart = 10, round = '1' }: Burst,
): RequestSample[] {
  return [0, 1].flatMap((process) =>
    Array.from({ length: of[process] ?? 0 }, (_, index) => {
      const isAdmitted = index < (admitted[process] ?? 0);
      const tags = { limit, endpoint: limit, step, round, process: String(process) };
      return request(at + index * apart, 5, isAdmitted ? 201 : status, tags);
    }),
  );
}

const GOOD: Burst = { admitted: [11, 9] };

function judged(first: Burst, second: Burst = GOOD, secondAt = 3_000): string[] {
  const events = [STRAY, ...burst('first window', 0, first), ...burst('second window', secondAt, second)];
  return replicasShareLimits
    .judge(new History(events), facts())
    .filter(({ check }) => check.includes(limit))
    .map(({ verdict }) => verdict);
}

test('replicas that together allow N in each window pass', () => {
  expect(judged(GOOD)).toEqual(['PASS', 'PASS']);
  expect(judged({ admitted: [MAX, 0] }, { admitted: [0, MAX] })).toEqual(['PASS', 'PASS']);
});

test.each([
  ['2 N', [MAX, MAX]],
  ['one too many', [11, 10]],
  ['one too few', [10, 9]],
] as [string, [number, number]][])('replicas that admit %s fail', (_, admitted) => {
  expect(judged({ admitted })).toEqual(['FAIL', 'PASS']);
  expect(judged(GOOD, { admitted })).toEqual(['PASS', 'FAIL']);
});

test.each([
  ['only one replica', { admitted: [MAX, 0], of: [50, 0] }],
  ['no more than N of one replica', { admitted: [11, 9], of: [25, MAX] }],
  ['an answer that is neither', { admitted: [11, 8], status: 503 }],
  ['no answer', { admitted: [11, 8], status: 0 }],
  ['more than a window', { admitted: [MAX, MAX], apart: 100 }],
] as [string, Burst][])('%s proves nothing', (_, first) => {
  expect(judged(first)).toEqual(['INCONCLUSIVE', 'PASS']);
});

test.each([
  [['PASS', 'PASS'], GOOD, 12_000],
  [['FAIL', 'PASS'], { admitted: [11, 10] }, 12_000],
  [['INCONCLUSIVE', 'PASS'], GOOD, 8_000],
] as [string[], Burst, number][])('the last round counts: %j', (verdicts, repeated, at) => {
  const slow = { admitted: [MAX, MAX], apart: 100 } satisfies Burst;
  const events = [
    ...burst('first window', 0, slow),
    ...burst('second window', 5_000, slow),
    ...burst('first window', at, { ...repeated, round: '2' }),
    ...burst('second window', at + 3_000, { ...GOOD, round: '2' }),
  ];
  const found = replicasShareLimits.judge(new History(events), facts());
  expect(found.filter(({ check }) => check.includes(limit)).map(({ verdict }) => verdict)).toEqual(verdicts);
});

test('serving more than N is a failure, whatever the other statuses', () => {
  expect(judged({ admitted: [11, 10], status: 503 })).toEqual(['FAIL', 'PASS']);
});

test('a second burst within the first window proves nothing', () => {
  expect(judged(GOOD, { admitted: [0, 0] }, 1_500)).toEqual(['PASS', 'INCONCLUSIVE']);
});

// This happened at a load average of 28 on two cores: a health check is served if its store doesn't respond in time.
test('replicas that waited long for a processor may have given up on their store', () => {
  const late = [0, 1].flatMap((index) => ({ ...burst('first window', 400, { admitted: [2, 0], of: [2, 0] })[index] }));
  const slow = late.map((sample) => ({ ...sample, ms: 600 }) as RequestSample);
  const verdict = (waited: number) =>
    replicasShareLimits
      .judge(new History([...burst('first window', 0, GOOD), ...slow, starved('service', 400, 1_000, waited)]), facts())
      .find(({ check }) => check.includes(`${limit}, first`))?.verdict;
  expect([verdict(0), verdict(90), verdict(300)]).toEqual(['FAIL', 'FAIL', 'INCONCLUSIVE']);
});
