import { expect, test } from 'vitest';
import { upstreamAttempts } from '../../../../harness/checkers/upstream/upstream-attempts.ts';
import { History } from '../../../../harness/history/history.ts';
import { type PromisedCalls, promisedCalls } from '../../../../mocks/promised-calls.ts';
import { type Failing, factsWith, failingHistory, GIVEN_UP } from '../../../support/failing.ts';
import { begun, facts, receipt, request } from '../../../support/history.ts';

const judged = (seen: Failing, calls?: PromisedCalls, changed: Parameters<typeof factsWith>[0] = {}) =>
  upstreamAttempts.judge(new History(failingHistory(seen)), factsWith(changed, calls))[0];

const status = (code: number, retryAfter?: object) => ({
  kind: 'status',
  status: code,
  ...(retryAfter && { retryAfter }),
});

test.each<[string, Failing, string]>([
  ['one request for each call', {}, 'PASS'],
  ['a second try', { failing: 2 }, 'FAIL'],
  ['a second try in the background, once the upstream is well', { good: 2 }, 'FAIL'],
  ['no call at all', { failing: 0, good: 0 }, 'INCONCLUSIVE'],
  ['no fault', { failing: 0, good: 2 }, 'INCONCLUSIVE'],
  ['fewer requests than calls', { good: 0 }, 'INCONCLUSIVE'],
  ['requests of what comes after', { more: [receipt(9, 70_001, 5, 'groq')] }, 'PASS'],
])('an upstream whose calls are attempted once, and which gets %s', (_, seen, expected) => {
  expect(judged(seen)?.verdict).toBe(expected);
  expect(judged({ ...seen, asked: status(500) }, promisedCalls.parse({}))?.verdict).toBe(expected);
});

/** What openai and groq-sdk do by default. */
const SDK = promisedCalls.parse({
  attempts: 3,
  on: [408, 409, 429, '5xx', 'connection', 'timeout'],
  never: ['4xx'],
  retryAfter: 'capped',
});

test.each<[string, Record<string, unknown>, number, string]>([
  ['a status by its class', status(500), 3, 'PASS'],
  ['a status by its class', status(503), 2, 'FAIL'],
  ['a status by its class', status(503), 4, 'FAIL'],
  ['a status that is listed', status(429), 3, 'PASS'],
  ['a status that is listed', status(429), 1, 'FAIL'],
  ['a status that must not be repeated', status(400), 1, 'PASS'],
  ['a status that must not be repeated', status(422), 2, 'FAIL'],
  ['a reset', { kind: 'reset' }, 3, 'PASS'],
  ['a reset', { kind: 'reset' }, 1, 'FAIL'],
  ['a timeout', { kind: 'hang' }, 3, 'PASS'],
  ['a timeout', { kind: 'hang' }, 2, 'FAIL'],
  ['a body of which nothing is said', { kind: 'malformed-json' }, 1, 'PASS'],
  ['a body of which nothing is said', { kind: 'malformed-json' }, 3, 'PASS'],
  ['a body of which nothing is said', { kind: 'malformed-json' }, 4, 'FAIL'],
  ['a Retry-After of a second', status(503, { seconds: 1 }), 2, 'FAIL'],
  ['a Retry-After of a year', status(503, { dateInSeconds: 31_536_000 }), 1, 'PASS'],
  ['a Retry-After of a year', status(503, { dateInSeconds: 31_536_000 }), 3, 'PASS'],
])('three attempts for %s (%j): %d of them give %s', (_, fault, failing, verdict) => {
  expect(judged({ asked: fault, failing }, SDK)?.verdict).toBe(verdict);
});

test.each<[string, Failing, string]>([
  ['too many attempts', { asked: status(503), failing: 4 }, 'The call makes 4 attempts instead of 3'],
  ['too few attempts', { asked: status(503), failing: 2 }, 'The call makes 2 of 3 attempts'],
  ['attempts for another failure', { asked: status(422), failing: 2 }, 'The service repeats a failure that'],
  ['attempts afterwards', { asked: status(503), failing: 3, good: 2 }, 'A request is sent again in the background'],
])('names the cause of %s', (_, seen, cause) => {
  const finding = judged(seen, SDK);
  expect(finding?.verdict).toBe('FAIL');
  expect(finding?.usually?.startsWith(cause)).toBe(true);
});

test('says that all endpoints must retry if one makes too few attempts', () => {
  expect(judged({ asked: status(503), failing: 1 }, SDK)?.evidence).toEqual([
    'upstreams.groq.calls.on promises all attempts for every endpoint: remove it if some endpoints do not retry',
  ]);
});

test.each<[boolean, number, number, string]>([
  [false, 503, 1, 'PASS'],
  [false, 503, 3, 'FAIL'],
  [true, 400, 3, 'PASS'],
  [true, 400, 1, 'FAIL'],
])('x-should-retry: %s with a %d decides: %d requests give %s', (shouldRetry, code, failing, verdict) => {
  const fault = { ...status(code), shouldRetry };
  expect(judged({ asked: fault, failing }, { ...SDK, hints: ['x-should-retry'] })?.verdict).toBe(verdict);
  expect(judged({ asked: status(503), failing: 2 }, { ...SDK, hints: ['x-should-retry'] })?.verdict).toBe('FAIL');
  const otherwise = code === 503 ? 3 : 1;
  expect(judged({ asked: fault, failing: otherwise }, SDK)?.verdict).toBe('PASS');
});

test('a contract that says one attempt fails a client that makes three', () => {
  expect(judged({ asked: status(429), failing: 3 })).toMatchObject({
    check: 'attempts at groq: plain-500, conversation-end',
    requests: [{ phase: '1' }],
    expected: '1 request while it fails, 1 afterwards',
    observed: '3 requests while it failed, 1 afterwards',
    verdict: 'FAIL',
  });
  expect(judged({ asked: status(429), failing: 3 })).not.toHaveProperty('evidence');
});

test('an absurd Retry-After that is honoured leaves one attempt', () => {
  const honoured: PromisedCalls = { ...SDK, retryAfter: 'honoured' };
  const fault = status(429, { seconds: 86_400 });
  expect(judged({ asked: fault, failing: 1 }, honoured)?.verdict).toBe('PASS');
  expect(judged({ asked: fault, failing: 2 }, honoured)?.verdict).toBe('FAIL');
});

test('says that layers multiply', () => {
  expect(judged({ asked: status(500), failing: 9 }, SDK)).toMatchObject({
    verdict: 'FAIL',
    evidence: ['9 is 3 × 3, as if another layer repeated all attempts'],
  });
  expect(judged({ asked: status(500), failing: 4 }, SDK)).not.toHaveProperty('evidence');
  expect(judged({ asked: status(500), failing: 3 }, SDK)).not.toHaveProperty('evidence');
});

test('without a list, any number up to the promised one passes', () => {
  const upTo = promisedCalls.parse({ attempts: 3 });
  for (const failing of [1, 2, 3]) expect(judged({ asked: status(500), failing }, upTo)?.verdict).toBe('PASS');
  expect(judged({ asked: status(500), failing: 4 }, upTo)).toMatchObject({
    expected: '1 to 3 requests while it fails, 1 afterwards',
    verdict: 'FAIL',
  });
});

test('too few attempts are not blamed on a call that did not end, or whose breaker may have opened', () => {
  const fault = { kind: 'hang' };
  expect(judged({ asked: fault, failing: 1, status: 0, tags: GIVEN_UP }, SDK)?.verdict).toBe('INCONCLUSIVE');
  const another = request(15, 9_000, 0, { phase: '1', about: 'failing', ...GIVEN_UP });
  expect(judged({ asked: fault, failing: 1, more: [another] }, SDK)?.verdict).toBe('INCONCLUSIVE');
  const ten: PromisedCalls = { ...SDK, attempts: 10 };
  expect(judged({ asked: fault, failing: 4 }, ten)?.verdict).toBe('FAIL');
  expect(judged({ asked: fault, failing: 5 }, ten)?.verdict).toBe('INCONCLUSIVE');
});

test('an endpoint may list an upstream more than once', () => {
  const reaches = ['groq', 'groq'];
  expect(judged({ failing: 1, good: 2 }, undefined, { reaches })?.verdict).toBe('PASS');
  expect(judged({ failing: 1, good: 1 }, undefined, { reaches })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ failing: 3, good: 2 }, undefined, { reaches })?.verdict).toBe('FAIL');
});

/** Five calls fail at once, and this number of requests reaches the upstream. */
const rowOf = (faults: readonly string[], reached: number, action: 'row' | 'too late' = 'row') =>
  upstreamAttempts.judge(
    new History([
      begun(1, action === 'row' ? { action, breaker: 'llm', faults } : { action, breaker: 'llm' }, 0, 0),
      ...Array.from({ length: 5 }, () => request(10, 50, 502, { phase: '1', endpoint: 'conversation-end' })),
      ...Array.from({ length: reached }, (_, index) => receipt(index + 1, 20, 5, 'groq', ['f1:status'])),
      begun(2, { action: 'end' }, 1_000, reached),
    ]),
    facts(),
  );

test.each([
  [5, 'PASS'],
  [4, 'PASS'],
  [6, 'FAIL'],
  [0, 'INCONCLUSIVE'],
])('five calls that fail at once, and %d requests, give %s', (reached, verdict) => {
  expect(rowOf(['hang', 'reset'], reached)).toMatchObject([
    {
      check: 'one request for each call through llm: hang, reset',
      requests: [{ phase: '1' }],
      expected: 'at most 5 requests to groq',
      verdict,
    },
  ]);
  expect(rowOf([], reached, 'too late')).toMatchObject([
    { check: 'one request for each call through llm: too late', verdict },
  ]);
});

test('refused attempts to connect are not counted', () => {
  expect(rowOf(['refuse'], 0)).toEqual([]);
});
