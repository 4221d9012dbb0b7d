import { expect, test } from 'vitest';
import { toldWaitsKept } from '../../../../harness/checkers/upstream/told-waits-kept.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, receipt, request, T0 } from '../../../support/history.ts';
import { quotaFacts } from './quotas.ts';

const WAITS = {
  'retry-after': { kind: 'status', retryAfter: { seconds: 2 } },
  'retry-after date': { kind: 'status', retryAfter: { dateInSeconds: 3 } },
  'no requests remain': { kind: 'nothing-left', seconds: 2 },
} as const;
type Fault = keyof typeof WAITS;

/** A call that is told to wait 100 ms after the begin, others that come meanwhile, and requests that arrive later. */
const waits = (fault: Fault, arrived: readonly number[], callers = 4, id = 1) => [
  begun(id, { action: 'told to wait', upstream: 'groq', fault }, id * 10_000, 10 * id),
  { type: 'fault', at: T0 + id * 10_000, upstream: 'groq', id: `f${id}`, asked: WAITS[fault] } as const,
  {
    ...receipt(10 * id + 1, id * 10_000 + 100, 5, 'groq', [`f${id}:x`]),
    status: fault === 'no requests remain' ? 200 : 429,
  },
  ...Array.from({ length: callers }, (_, index) =>
    request(id * 10_000 + 300 + index * 100, 10, 429, { phase: String(id), about: 'meanwhile' }),
  ),
  ...arrived.map((after, index) => receipt(10 * id + 2 + index, id * 10_000 + after, 5, 'groq')),
];
const judged = (fault: Fault, ...events: ReturnType<typeof waits>[]) => {
  const facts = quotaFacts({ requests: 2, per: 2 }, { action: 'told to wait', upstream: 'groq', fault });
  return toldWaitsKept.judge(
    new History([...events.flat(), begun(9, { action: 'steady again' }, 90_000, 99)]),
    facts,
  )[0];
};

test.each([
  ['retry-after', 2_100, 'PASS'],
  ['retry-after', 2_075, 'PASS'],
  ['retry-after', 2_074, 'FAIL'],
  ['no requests remain', 2_100, 'PASS'],
  ['no requests remain', 1_000, 'FAIL'],
  // The date is in whole seconds: 3 s after a full second and 100 ms are 2.9 s.
  ['retry-after date', 2_975, 'PASS'],
  ['retry-after date', 2_974, 'FAIL'],
] as const)('%s, and a call after %d ms: %s', (fault, after, verdict) => {
  expect(judged(fault, waits(fault, [after]))?.verdict).toBe(verdict);
});

test('without calls meanwhile or afterwards, or without the answer, nothing is proved', () => {
  expect(judged('retry-after', waits('retry-after', [2_200], 2))).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['too few calls came meanwhile'],
  });
  expect(judged('retry-after', waits('retry-after', []))).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['no call reached groq afterwards: none'],
  });
  expect(judged('retry-after')?.observed).toBe('no call to groq got it');
});

test('the cause is named first', () => {
  const kept = waits('retry-after', [2_200], 4, 2);
  const isDate = judged('retry-after date', waits('retry-after date', [500]), kept);
  expect(isDate?.usually).toBe(
    'The service does not obey Retry-After as a date, but Retry-After in seconds: 1 of 4 calls that came meanwhile reached groq.',
  );
  expect(isDate?.changes).toEqual([{ path: ['upstreams', 'groq', 'quota', 'obeys'], value: ['remaining'] }]);
  const ignored = judged('retry-after', waits('retry-after', [500, 600]));
  expect(ignored?.usually).toMatch(/^The service ignores Retry-After in seconds of a 429: 2 of 4/);
  const own = request(10_100, 2_100, 200, { phase: '1', about: 'first', endpoint: 'ask' });
  const alone = judged('retry-after', [...waits('retry-after', [500, 600]), own]);
  expect(alone?.usually).toMatch(/^The wait concerns only the call that got the 429: 2 of 4/);
  const remains = judged('no requests remain', waits('no requests remain', [500]));
  expect(remains?.usually).toMatch(
    /^The service does not read the rate-limit headers of requests of an answer that was/,
  );
});

test('waits of each endpoint are told from waits of each call', () => {
  const first = request(10_050, 60, 429, { phase: '1', about: 'first', endpoint: 'ask' });
  const calls = [300, 600, 900, 1_200].map((after, index) =>
    request(10_000 + after, 10, 429, { phase: '1', about: 'meanwhile', endpoint: index % 2 === 0 ? 'chat' : 'ask' }),
  );
  const why = (arrived: number[]) =>
    judged('retry-after', [...waits('retry-after', arrived, 0), first, ...calls])?.usually;
  expect(why([305, 905])).toMatch(/^Each endpoint waits on its own: 2 of 4 calls .* none of them from ask/);
  expect(why([305, 605])).toMatch(/^The service ignores/);
});

test('a call that came before the service could have read the answer is no failure', () => {
  expect(judged('retry-after', waits('retry-after', [200, 2_200]))?.verdict).toBe('PASS');
  expect(judged('retry-after', waits('retry-after', [201, 2_200]))?.verdict).toBe('FAIL');
});
