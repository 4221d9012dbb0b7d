import { expect, test } from 'vitest';
import type { Contract } from '../../../harness/contract/contract.ts';
import { unusableFaults } from '../../../harness/contract/unusable-faults.ts';
import { promisedCalls } from '../../../mocks/promised-calls.ts';

const problemsWith = (upstream: string, failures: object[], more: object = {}) =>
  unusableFaults({
    breakers: { one: { upstream, failures, ignored: [], harmless: [], ...more } },
    upstreams: {
      cache: { tcp: '127.0.0.1:6379', calls: 'redis' },
      uncounted: { tcp: '127.0.0.1:6379' },
    },
  } as unknown as Contract).map(({ path, message }) => `${path.join('.')}: ${message}`);

const TCP_FAULTS = [{ kind: 'reset' }, { kind: 'blackhole' }, { kind: 'refuse' }];

test.each(['cache', 'database'])('accepts the faults of TCP connections for %s', (upstream) => {
  expect(problemsWith(upstream, TCP_FAULTS, { harmless: [{ kind: 'latency', milliseconds: 50 }] })).toEqual([]);
});

test.each(['cache', 'database'])('rejects faults that need HTTP for %s', (upstream) => {
  expect(problemsWith(upstream, [{ kind: 'reset' }, { kind: 'status', status: 500 }])).toEqual([
    expect.stringMatching(
      /^breakers\.one\.failures\.1: unknown fault kind "status"; allowed: latency, blackhole, reset/,
    ),
  ]);
});

test('rejects a fault that would also affect later calls on the connection', () => {
  expect(problemsWith('cache', [{ kind: 'reset' }, { kind: 'half-open' }])).toEqual([
    expect.stringMatching(/^breakers\.one\.failures\.1: unknown fault kind "half-open"; allowed: /),
  ]);
});

test('needs a failure of a TCP connection that a caller sees immediately', () => {
  expect(problemsWith('cache', [{ kind: 'blackhole' }, { kind: 'refuse' }])).toEqual([
    'breakers.one.failures: none of these faults fails a call as soon as it arrives, and scenarios need one, such as { kind: reset }',
  ]);
});

test('rejects a breaker that counts attempts if its failures are not always repeated', () => {
  const problems = (calls: object, failures = [{ kind: 'status', status: 500 }, { kind: 'malformed-json' }]) =>
    unusableFaults({
      breakers: { one: { upstream: 'llm', failures, ignored: [], harmless: [], counts: 'attempts' } },
      upstreams: { llm: { kind: 'groq', calls: promisedCalls.parse(calls) } },
    } as unknown as Contract).map(({ path, message }) => `${path.join('.')}: ${message}`);
  const needed =
    'breakers.one.counts: needs failures that are always repeated: list those of this breaker in upstreams.llm.calls.on';
  expect(problems({ attempts: 3, on: ['5xx'], never: ['body'] })).toEqual([]);
  expect(problems({ attempts: 3, on: ['5xx'] })).toEqual([needed]);
  expect(problems({ attempts: 3, on: [503], never: [500, 'body'] })).toEqual([needed]);
  expect(problems({})).toEqual([needed]);
});

test('rejects a breaker in front of a TCP upstream whose calls are not counted', () => {
  expect(problemsWith('uncounted', [{ kind: 'reset' }])).toEqual([
    'breakers.one.upstream: the calls to "uncounted" can\'t be counted: add upstreams.uncounted.calls, such as redis',
  ]);
});
