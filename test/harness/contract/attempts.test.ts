import { expect, test } from 'vitest';
import {
  failuresOf,
  isJudged,
  isPromisedAgain,
  isTimeoutOnce,
  promisedCallsOf,
} from '../../../harness/contract/attempts.ts';
import { registeredFaults } from '../../../harness/contract/registered-faults.ts';
import { promisedCalls } from '../../../mocks/promised-calls.ts';

/** What openai and groq-sdk do by default. */
const SDK = promisedCalls.parse({
  attempts: 3,
  on: [408, 409, 429, '5xx', 'connection', 'timeout'],
  never: ['4xx', 'body'],
});

test.each([
  [429, true],
  [422, false],
  [502, true],
  [404, false],
  [302, undefined],
  ['connection', true],
  ['timeout', true],
  ['body', false],
  [undefined, undefined],
] as const)('a failure seen as %s is repeated: %s', (seen, isAgain) => {
  expect(isPromisedAgain(SDK, seen)).toBe(isAgain);
});

test('a call that gets no response is attempted once if that is promised, or if all calls are', () => {
  expect(isTimeoutOnce(SDK)).toBe(false);
  expect(isTimeoutOnce({ ...SDK, attempts: 1 })).toBe(true);
  expect(isTimeoutOnce({ ...SDK, on: [], never: ['timeout'] })).toBe(true);
  expect(isTimeoutOnce({ ...SDK, on: [] })).toBe(false);
});

const KNOWN = registeredFaults();
const [STATUS, RESET, BODY] = [{ kind: 'status', status: 503 }, { kind: 'reset' }, { kind: 'malformed-json' }];
const failures = [STATUS, RESET, BODY];

test('the failures of a breaker are split into those that are attempted once and the others', () => {
  expect(failuresOf({ failures }, SDK, KNOWN)).toEqual({ once: [BODY], repeated: [STATUS, RESET] });
  expect(failuresOf({ failures }, { ...SDK, attempts: 1 }, KNOWN)).toEqual({ once: failures, repeated: [] });
});

test.each([
  ['attempted once', SDK, failures, true],
  ['all repeated', SDK, [STATUS, RESET], false],
  ['perhaps repeated', { ...SDK, never: [] }, failures, false],
  ['attempted once, as far as calls wait for them', { ...SDK, on: [], never: ['timeout'] }, [{ kind: 'hang' }], false],
])('a breaker whose failures are %s', (_, calls, answers, expected) => {
  expect(isJudged({ upstreams: { llm: { calls } } }, { upstream: 'llm', failures: answers }, KNOWN)).toBe(expected);
});

test('the upstream decides whether a call is repeated, if the service obeys its x-should-retry', () => {
  const fault = (shouldRetry?: boolean) => ({
    kind: 'status',
    status: 500,
    ...(shouldRetry !== undefined && { shouldRetry }),
  });
  const failures = [fault(), fault(true), fault(false)];
  const calls = { ...SDK, on: ['5xx' as const], never: [] };
  const obeying = failuresOf({ failures }, { ...calls, hints: ['x-should-retry'] }, KNOWN);
  expect(obeying).toEqual({ once: [fault(false)], repeated: [fault(), fault(true)] });
  expect(failuresOf({ failures }, { ...calls, hints: [] }, KNOWN).once).toEqual([]);
});

test('calls to a TCP server and to the database are attempted once', () => {
  const upstreams = { cache: { calls: 'redis' } };
  expect(['cache', 'database'].map((name) => promisedCallsOf({ upstreams }, name).attempts)).toEqual([1, 1]);
});
