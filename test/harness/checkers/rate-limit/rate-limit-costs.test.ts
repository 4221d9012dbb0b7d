import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { rateLimitCosts } from '../../../../harness/checkers/rate-limit/rate-limit-costs.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, request } from '../../../support/history.ts';

type Counts = NonNullable<Facts['contract']['limiter']['counts']>;

interface Sent {
  /** `null` if the contract promises nothing. */
  counts?: Counts | null;
  why?: string;
  /** The statuses of requests that are not served, and of good ones after them. */
  unserved: number[];
  left?: number[];
  /** Time between two requests, in milliseconds. The window is 2 s, and 12 requests are allowed. */
  everyMs?: number;
  /** The statuses of an earlier round that was too slow. */
  tooSlow?: number[];
}

const of = (n: number, status: number): number[] => Array(n).fill(status);

function judged({ counts = 'all', why = 'invalid', unserved, left = [], everyMs = 10, tooSlow = [] }: Sent) {
  const given = facts();
  const limiter = { ...given.contract.limiter, counts: counts ?? undefined };
  const send = (statuses: number[], from: number, step: string, round = '2', every = everyMs) =>
    statuses.map((status, index) =>
      request(from + index * every, 5, status, {
        limit: 'activities-suggest',
        endpoint: 'activities-suggest',
        variant: why,
        step,
        round,
      }),
    );
  const history = new History([
    ...send(tooSlow, 0, 'unserved', '1', 300),
    ...send(unserved, 10_000, 'unserved'),
    ...send(left, 10_000 + unserved.length * everyMs, 'left'),
  ]);
  return rateLimitCosts.judge(history, { ...given, contract: { ...given.contract, limiter } })[0];
}

const COUNTED = { unserved: [...of(12, 422), ...of(3, 429)], left: of(15, 429) };
const FREE = { unserved: of(15, 422), left: [...of(12, 200), ...of(3, 429)] };

test('requests that count use up the limit', () => {
  expect(judged(COUNTED)).toMatchObject({
    check: 'cost of invalid requests: activities-suggest',
    requests: [{ limit: 'activities-suggest', variant: 'invalid' }],
    expected: 'they count: 12 in 2 s, and then 429',
    observed: 'with an invalid body: 12 × 422, 3 × 429; good ones after them: 15 × 429',
    verdict: 'PASS',
  });
  expect(judged({ ...COUNTED, counts: 'valid' })).toMatchObject({
    expected: 'they cost nothing: none gets 429, and 12 good ones are served after them',
    verdict: 'FAIL',
  });
});

test('requests that cost nothing leave the whole limit', () => {
  expect(judged({ ...FREE, counts: 'valid' })?.verdict).toBe('PASS');
  expect(judged({ ...FREE, counts: 'served' })?.verdict).toBe('PASS');
  expect(judged(FREE)?.verdict).toBe('FAIL');
  expect(judged({ ...FREE, counts: 'authenticated' })?.verdict).toBe('FAIL');
});

test.each<[Counts, number, string]>([
  ['all', 12, 'PASS'],
  ['served', 12, 'PASS'],
  ['valid', 13, 'FAIL'],
])(
  'if %s requests count, those with a body that the endpoint serves count too: %d get %s',
  (counts, served, verdict) => {
    const unserved = [...of(served, 200), ...of(15 - served, 429)];
    expect(judged({ counts, unserved, left: of(15, 429) })).toMatchObject({
      expected: 'they are served, so they count: 12 in 2 s, and then 429',
      evidence: ['activities-suggest serves requests with an invalid body, so they count like all that are served'],
      verdict,
    });
  },
);

test('requests without credentials that are served are not excused', () => {
  const sent = { why: 'unauthenticated', unserved: [...of(12, 200), ...of(3, 429)], left: of(15, 429) };
  expect(judged(sent)?.verdict).toBe('INCONCLUSIVE');
});

test.each<[string, Sent]>([
  ['they cost two each', { unserved: [...of(6, 422), ...of(9, 429)], left: of(15, 429) }],
  ['they get no 429, but use up the limit', { unserved: of(15, 422), left: of(15, 429) }],
  ['every second one counts', { unserved: of(15, 422), left: [...of(5, 200), ...of(10, 429)] }],
  ['good requests have a counter of their own', { ...COUNTED, left: FREE.left }],
])('if %s, neither promise holds', (_, sent) => {
  expect(judged(sent)?.verdict).toBe('FAIL');
  expect(judged({ ...sent, counts: 'served' })?.verdict).toBe('FAIL');
});

test.each<[string, Counts | null, 'PASS' | 'FAIL' | undefined]>([
  ['unauthenticated', 'all', 'FAIL'],
  ['unauthenticated', 'authenticated', 'PASS'],
  ['malformed', 'all', 'FAIL'],
  ['malformed', 'authenticated', undefined],
  ['malformed', 'valid', 'PASS'],
  ['invalid', 'valid', 'PASS'],
  ['unauthenticated', null, undefined],
])('%s requests that are free, if %s are counted', (why, counts, expected) => {
  const given = { ...FREE, why, unserved: of(15, 400) };
  expect(judged({ ...given, counts })?.verdict).toBe(expected);
});

test('requests to a failing upstream are judged without good ones', () => {
  const counted = [...of(12, 502), ...of(3, 429)];
  expect(judged({ why: 'failed', unserved: counted })).toMatchObject({
    observed: 'while an upstream fails: 12 × 502, 3 × 429',
    verdict: 'PASS',
  });
  expect(judged({ why: 'failed', unserved: of(15, 500), counts: 'served' })).toMatchObject({
    expected: 'they cost nothing: none gets 429',
    verdict: 'PASS',
  });
  expect(judged({ why: 'failed', unserved: of(15, 404), counts: 'served' })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ why: 'failed', unserved: of(15, 502) })?.verdict).toBe('FAIL');
  expect(judged({ why: 'failed', unserved: of(15, 502), counts: 'served' })?.verdict).toBe('PASS');
  expect(judged({ why: 'failed', unserved: counted, counts: 'served' })?.verdict).toBe('FAIL');
});

test('a round in more than one window proves nothing, but another one may', () => {
  expect(judged({ ...COUNTED, everyMs: 100 })).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: expect.stringMatching(/but in more than one window$/),
  });
  expect(judged({ ...COUNTED, tooSlow: of(15, 422) })?.verdict).toBe('PASS');
});

test.each<[string, Sent, RegExp?]>([
  ['are served', { unserved: [...of(12, 201), ...of(3, 429)] }, /differently: 12 × 201$/],
  ['fail', { unserved: [...of(12, 500), ...of(3, 429)] }, /differently: 12 × 500$/],
  ['get no answer', { unserved: [...of(11, 422), 0, ...of(3, 429)], left: of(15, 429) }],
  ['after them get no answer', { ...COUNTED, left: [0, ...of(14, 429)] }],
  ['are too few', { unserved: of(12, 422), left: of(15, 429) }],
  ['are followed by too few good ones', { ...COUNTED, left: of(12, 429) }],
])('nothing is proved if requests %s', (_, sent, evidence) => {
  const found = judged(sent);
  expect(found?.verdict).toBe('INCONCLUSIVE');
  if (evidence) expect(found?.evidence?.[0]).toMatch(evidence);
});

test('nothing is judged without requests', () => {
  expect(judged({ unserved: [] })).toBeUndefined();
});

test('requests that count twice use up the limit too early, and the result says so', () => {
  const twice = { why: 'failed', unserved: [...of(6, 502), ...of(9, 429)] };
  expect(judged(twice)).toMatchObject({
    verdict: 'FAIL',
    usually: 'Each request while an upstream fails counts twice: 6 of them use up a limit of 12.',
  });
  expect(judged({ why: 'failed', unserved: [...of(11, 502), ...of(4, 429)] })).not.toHaveProperty('usually');
});
