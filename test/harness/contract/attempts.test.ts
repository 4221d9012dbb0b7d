import { expect, test } from 'vitest';
import { upstreamFaults } from '../../../faults/kinds/index.ts';
import {
  failuresOf,
  isJudged,
  isPromisedAgain,
  isQuick,
  promisedCallsOf,
  seenAs,
} from '../../../harness/contract/attempts.ts';
import { promisedCalls } from '../../../mocks/promised-calls.ts';

/** What openai and groq-sdk do by default. */
const SDK = promisedCalls.parse({
  attempts: 3,
  on: [408, 409, 429, '5xx', 'connection', 'timeout'],
  never: ['4xx', 'body'],
});

test.each([
  [{ kind: 'status', status: 429 }, 429, true],
  [{ kind: 'status', status: 422 }, 422, false],
  [{ kind: 'html-page' }, 502, true],
  [{ kind: 'html-page', status: 404 }, 404, false],
  [{ kind: 'reset-in-headers' }, 'connection', true],
  [{ kind: 'hang' }, 'timeout', true],
  [{ kind: 'malformed-json' }, 'body', false],
  [{ kind: 'error-in-body', status: 503 }, 'body', false],
  [{ kind: 'reset-in-body' }, 'body', false],
  [{ kind: 'cut-stream' }, undefined, undefined],
] as const)('%j is seen as %s, and repeated: %s', (fault, seen, isAgain) => {
  expect(seenAs(fault)).toBe(seen);
  expect(isPromisedAgain(SDK, seen)).toBe(isAgain);
});

test('a fault is quick if its effect is that a call fails as it arrives', () => {
  const quick = [...upstreamFaults.values()].filter(({ kind }) => isQuick({ kind, status: 500 }));
  // The effect of a mix is that of its members.
  const failing = [...upstreamFaults.values()].filter(({ kind, effect }) => effect === 'fails' && kind !== 'mix');
  expect(quick.map(({ kind }) => kind)).toEqual(failing.map(({ kind }) => kind));
});

const [STATUS, RESET, BODY] = [{ kind: 'status', status: 503 }, { kind: 'reset' }, { kind: 'malformed-json' }];
const failures = [STATUS, RESET, BODY];

test('the failures of a breaker are split into those that are attempted once and the others', () => {
  expect(failuresOf({ failures }, SDK)).toEqual({ once: [BODY], repeated: [STATUS, RESET] });
  expect(failuresOf({ failures }, { ...SDK, attempts: 1 })).toEqual({ once: failures, repeated: [] });
});

test.each([
  ['attempted once', SDK, failures, true],
  ['all repeated', SDK, [STATUS, RESET], false],
  ['perhaps repeated', { ...SDK, never: [] }, failures, false],
  ['attempted once, as far as calls wait for them', { ...SDK, on: [], never: ['timeout'] }, [{ kind: 'hang' }], false],
])('a breaker whose failures are %s', (_, calls, its, expected) => {
  expect(isJudged({ upstreams: { llm: { calls } } }, { upstream: 'llm', failures: its })).toBe(expected);
});

test('the upstream decides whether a call is repeated, if the service obeys its x-should-retry', () => {
  const fault = (shouldRetry?: boolean) => ({
    kind: 'status',
    status: 500,
    ...(shouldRetry !== undefined && { shouldRetry }),
  });
  const failures = [fault(), fault(true), fault(false)];
  const calls = { ...SDK, on: ['5xx' as const], never: [] };
  const obeying = failuresOf({ failures }, { ...calls, hints: ['x-should-retry'] });
  expect(obeying).toEqual({ once: [fault(false)], repeated: [fault(), fault(true)] });
  expect(failuresOf({ failures }, { ...calls, hints: [] }).once).toEqual([]);
});

test('calls to a TCP server and to the database are attempted once', () => {
  const upstreams = { cache: { calls: 'redis' } };
  expect(['cache', 'database'].map((name) => promisedCallsOf({ upstreams }, name).attempts)).toEqual([1, 1]);
});
