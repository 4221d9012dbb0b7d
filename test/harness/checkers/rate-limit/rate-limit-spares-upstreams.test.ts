import { expect, test } from 'vitest';
import { rateLimitSparesUpstreams } from '../../../../harness/checkers/rate-limit/rate-limit-spares-upstreams.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, handshakeFailed, receipt, request, requests, STRAY, verdicts } from '../../../support/history.ts';

/** Numbers of calls to an endpoint that were served and rejected, and the number of requests that arrived at Groq. */
const limited = (served: number, refused: number, arrived: number) =>
  new History([
    STRAY,
    ...requests(served, 0, 5, 201, { endpoint: 'conversation-end' }),
    ...requests(refused, 0, 5, 429, { endpoint: 'conversation-end' }),
    ...requests(3, 0, 5, 429, { endpoint: 'health' }),
    ...Array.from({ length: arrived }, (_, index) => receipt(index + 1, index, 1, 'groq')),
    receipt(900, 1, 1, 'elsewhere'),
    handshakeFailed(901, 1, 'groq'),
  ]);

const judged = (history: History) =>
  verdicts(rateLimitSparesUpstreams.judge(history, facts()))['refused calls cost no upstream request: groq'];

test.each([
  ['PASS', 'as many as were not refused', limited(20, 5, 20)],
  ['PASS', 'fewer', limited(20, 5, 19)],
  ['FAIL', 'all of them', limited(20, 20, 40)],
  ['FAIL', 'more than a quarter of those refused', limited(20, 20, 26)],
  ['INCONCLUSIVE', 'a quarter of those refused', limited(20, 20, 25)],
  ['INCONCLUSIVE', 'one more', limited(20, 5, 21)],
  ['INCONCLUSIVE', 'few refusals', limited(20, 4, 20)],
  ['INCONCLUSIVE', 'nothing', new History()],
])('gives %s for requests that arrived: %s', (verdict, _, history) => {
  expect(judged(history)).toBe(verdict);
});

test('requests that arrived before the first call do not count, because a service may make some when it starts', () => {
  const atStart = Array.from({ length: 30 }, (_, index) => receipt(1_000 + index, index - 2_000, 1, 'groq'));
  const history = limited(20, 5, 20);
  for (const event of atStart) history.add(event);
  expect(judged(history)).toBe('PASS');
});

test('judges each upstream that an endpoint with a limit reaches, and reports how many calls arrived', () => {
  const found = rateLimitSparesUpstreams.judge(limited(20, 6, 21), facts());
  expect(found.map(({ check }) => check)).toEqual([
    'refused calls cost no upstream request: groq',
    'refused calls cost no upstream request: mem0',
  ]);
  expect(found[0]).toMatchObject({
    expected: 'at most 20 requests: one for each call that was not refused',
    observed: '21 requests reached it; 6 calls refused',
  });
});

test('a call without a response may have arrived', () => {
  const history = limited(20, 5, 21);
  history.add(request(9, 1, 0, { endpoint: 'conversation-end' }));
  expect(judged(history)).toBe('PASS');
});

test('is not judged if no endpoint with a limit reaches an upstream', () => {
  const { numbers, ...rest } = facts();
  const { health } = numbers.limits;
  expect(
    rateLimitSparesUpstreams.judge(limited(1, 9, 1), {
      ...rest,
      numbers: { ...numbers, limits: { health } } as typeof numbers,
    }),
  ).toEqual([]);
});

test("requests to the limiter's store are no calls, and a TCP upstream may be one", () => {
  const { contract, ...rest } = facts();
  const upstreams = { ...contract.upstreams, groq: { tcp: '127.0.0.1:6379', calls: 'redis' } };
  const judgedWith = (limiter: object) =>
    rateLimitSparesUpstreams.judge(limited(20, 20, 40), {
      ...rest,
      contract: { ...contract, upstreams, limiter: { ...contract.limiter, ...limiter } },
    });
  expect(judgedWith({})[0]).toMatchObject({
    verdict: 'FAIL',
    usually: expect.stringContaining('limiter: { store: groq }'),
  });
  expect(judgedWith({ store: 'groq' }).map(({ check }) => check)).toEqual([
    'refused calls cost no upstream request: mem0',
  ]);
});
