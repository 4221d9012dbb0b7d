import { expect, test } from 'vitest';
import { rateLimitWeighted } from '../../../../harness/checkers/rate-limit/rate-limit-weighted.ts';
import type { RequestSample } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { request, T0 } from '../../../support/history.ts';
import {
  answersOf,
  bucket,
  factsWith,
  LIMIT,
  type Limiter,
  MAX,
  type Sent,
  slidingLog,
  WINDOW_MS,
} from './limiters.ts';

interface Weighted {
  max: number;
  /** The share of the previous window that counts, after a share of the current one. */
  share: (passed: number) => number;
  /** Rounds what has been used. */
  round: (used: number) => number;
  /** Whether refused requests count as well. */
  countsRefused: boolean;
}

/** By default, what was used is not rounded, so that a request is only allowed if there is room for all of it. */
function weighted(changed: Partial<Weighted> = {}): Limiter {
  const { max, share, round, countsRefused } = {
    max: MAX,
    share: (passed: number) => 1 - passed,
    round: (used: number) => used,
    countsRefused: false,
    ...changed,
  };
  const used = new Map<number, number>();
  return (after) => {
    const window = Math.floor((T0 + after) / WINDOW_MS);
    const [now, before] = [used.get(window) ?? 0, used.get(window - 1) ?? 0];
    const isAllowed = round(before * share((T0 + after) / WINDOW_MS - window) + now) + 1 <= max;
    if (isAllowed || countsRefused) used.set(window, now + 1);
    return isAllowed;
  };
}

/**
 * When the script sends requests: one, a burst, regular ones, and a burst in the middle of the next window. T0 is the
 * beginning of a window.
 */
const SENT: Sent[] = [
  ['first window', 50],
  ...Array.from({ length: 21 }, (_, n): Sent => ['first window', 650 + Math.floor(n / 8) * 25]),
  ...Array.from({ length: 15 }, (_, n): Sent => ['over', 760 + n * 80]),
  ...Array.from({ length: 22 }, (_, n): Sent => ['second window', 3_000 + Math.floor(n / 8) * 25]),
];

/** The answers to these requests, sent `later` milliseconds later. */
const answers = (limiter: Limiter, later = 0) =>
  answersOf(
    limiter,
    SENT.map(([step, after]): Sent => [step, after + later]),
  );

const judged = (requests: readonly RequestSample[]) =>
  rateLimitWeighted
    .judge(new History([...requests]), factsWith('weighted'))
    .find(({ check }) => check.endsWith(`: ${LIMIT}`));

test.each<[string, Limiter]>([
  ['is exact', weighted()],
  ['rounds down, as those of Upstash and Python do', weighted({ round: Math.floor })],
])('a weighted window that %s passes', (_, limiter) => {
  expect(judged(answers(limiter))).toMatchObject({
    check: 'allows what two weighted windows leave: activities-suggest',
    requests: ['first window', 'over', 'second window'].map((step) => ({ limit: LIMIT, step })),
    expected: '12 in 2 s, with a share of the previous window',
    observed: expect.stringMatching(/; 0 allowed beyond it, 0 refused below it$/),
    verdict: 'PASS',
  });
});

test('a right one never fails, wherever in a window the requests begin', () => {
  for (let later = 0; later < WINDOW_MS; later += 130) {
    for (const round of [Math.floor, (used: number) => used]) {
      expect(judged(answers(weighted({ round }), later))?.verdict).not.toBe('FAIL');
    }
  }
});

test.each<[string, Limiter]>([
  ['allows one too many', weighted({ max: MAX + 1 })],
  ['allows one too few', weighted({ max: MAX - 1 })],
  ['forgets the previous window', weighted({ share: () => 0 })],
  ['counts the previous window fully', weighted({ share: () => 1 })],
  ['counts the wrong share', weighted({ share: (passed) => (1 - passed) ** 2 })],
  ['counts refused requests', weighted({ countsRefused: true })],
])('a weighted window that %s fails', (_, limiter) => {
  expect(judged(answers(limiter))?.verdict).toBe('FAIL');
});

test.each<[string, Limiter]>([
  ['sliding window', slidingLog()],
  ['bucket of tokens', bucket()],
  ['limiter that allows everything', () => true],
  ['limiter that refuses everything', () => false],
])('a %s fails', (_, limiter) => {
  expect(judged(answers(limiter))?.verdict).toBe('FAIL');
});

test('a request without an answer may have been counted', () => {
  const requests = answers(weighted());
  const lost = requests.findIndex(({ status }) => status === 200);
  expect(judged(requests.with(lost, { ...(requests[lost] as RequestSample), status: 0 }))?.verdict).toBe('PASS');
});

test('too little to judge: a next window that was not tried, or in which nothing was refused', () => {
  const right = answers(weighted());
  const isNext = ({ tags }: RequestSample) => tags.step === 'second window';
  expect(judged(right.filter(({ status }) => status === 200))?.verdict).toBe('INCONCLUSIVE');
  expect(judged([...right.filter((sample) => !isNext(sample)), ...right.filter(isNext).slice(0, 1)])?.verdict).toBe(
    'INCONCLUSIVE',
  );
});

test.each([
  ['too early, so that nothing is left', 2_050, 0],
  ['too late, so that all of it is left', 6_050, MAX],
])('too little to judge: a burst in the next window that comes %s', (_, from, left) => {
  const moved = SENT.map(([step, after]): Sent => [step, step === 'second window' ? from + (after % 1_000) : after]);
  expect(judged(answersOf(weighted(), moved))).toMatchObject({
    evidence: [`too little to judge: ${left} of 22 allowed in the next window`],
    verdict: 'INCONCLUSIVE',
  });
});

test('too little to judge: a single burst of which one allowed request got no answer', () => {
  const burst = answers(weighted()).filter(({ tags }) => tags.step === 'first window');
  const lost = burst.findIndex(({ status }) => status === 200);
  expect(judged(burst.with(lost, { ...(burst[lost] as RequestSample), status: 0 }))?.verdict).toBe('INCONCLUSIVE');
});

test('a single burst, as in stress/specified-numbers, is enough', () => {
  expect(judged(answers(weighted()).filter(({ tags }) => tags.step === 'first window'))?.verdict).toBe('PASS');
});

/** Other clients call while the limit of all clients together is used up. */
function judgedTogether(status: number, clients: 'together' | 'apart' = 'together') {
  const { numbers, ...given } = factsWith('weighted');
  const limit = { max: MAX, windowSeconds: WINDOW_MS / 1_000, sharedWith: [], clients };
  const others = Array.from({ length: 3 }, (_, n) =>
    request(900 + n * 10, 5, status, { limit: LIMIT, step: 'other client' }),
  );
  const history = new History([...answers(weighted()), ...others]);
  return rateLimitWeighted.judge(history, { ...given, numbers: { ...numbers, limits: { [LIMIT]: limit } } })[0];
}

test('the requests of all clients count if the limit is for all of them', () => {
  expect(judgedTogether(200)?.verdict).toBe('FAIL');
  expect(judgedTogether(429)?.verdict).toBe('PASS');
  expect(judgedTogether(200, 'apart')?.verdict).toBe('PASS');
});
