import { expect, test } from 'vitest';
import { upstreamFaults } from '../../../faults/kinds/index.ts';
import { parseFault } from '../../../faults/plan/parse-fault.ts';

function refusalOf(body: unknown): { code: string; message: string } {
  try {
    parseFault(body, upstreamFaults);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  return expect.fail('the fault was accepted');
}

test('splits a fault into its kind, its own options and its scope', () => {
  const route = 'POST /v3/memories/add/';
  expect(
    parseFault({ kind: 'status', status: 503, retryAfter: { seconds: 2 }, next: 4, route }, upstreamFaults),
  ).toMatchObject({
    kind: 'status',
    options: { status: 503, retryAfter: { seconds: 2 } },
    scope: { next: 4, route },
  });
});

test('a fault without next and rate has an empty scope', () => {
  expect(parseFault({ kind: 'hang' }, upstreamFaults)).toMatchObject({ kind: 'hang', options: {}, scope: {} });
});

test.each([
  [{ kind: 'latency', milliseconds: 5, jitter: 1 }, 'unknown field "jitter"', 'kind, milliseconds, jitterMilliseconds'],
  [{ kind: 'latency', seconds: 5 }, 'unknown field "seconds"', 'kind, milliseconds, jitterMilliseconds'],
  [{ kind: 'refuse', next: 5 }, 'unknown field "next"', 'kind, afterMilliseconds, forMilliseconds, flapping'],
  [{ kind: 'hang', milliseconds: 5 }, 'unknown field "milliseconds"', 'kind, next, rate, route'],
])('rejects the unknown field of %j', (body, message, allowed) => {
  const refusal = refusalOf(body);
  expect(refusal.code).toBe('unknown-field');
  expect(refusal.message).toContain(message);
  expect(refusal.message).toContain(`allowed: ${allowed}`);
});

test.each([
  [{ kind: 'status', status: 399 }, '"status" of fault "status" is 399; allowed: a whole number from 400 to 599'],
  [{ kind: 'status', status: 600 }, 'is 600; allowed: a whole number from 400 to 599'],
  [{ kind: 'status', status: '500' }, 'is "500"; allowed: a whole number from 400 to 599'],
  [{ kind: 'status' }, '"status" of fault "status" is missing'],
  [{ kind: 'status', status: 429, retryAfter: 7 }, 'is 7; allowed: {"seconds": a whole number'],
  [{ kind: 'status', status: 429, retryAfter: { seconds: 1.5 } }, 'is {"seconds":1.5}; allowed: {"seconds"'],
  [{ kind: 'status', status: 429, retryAfter: { minutes: 1 } }, 'is {"minutes":1}; allowed: {"seconds"'],
  [{ kind: 'hang', forMilliseconds: 0 }, '"forMilliseconds" of fault "hang" is 0; allowed: a number of milliseconds'],
  [{ kind: 'hang', flapping: { onSeconds: 1 } }, 'is {"onSeconds":1}; allowed: {"onMilliseconds", "offMilliseconds"}'],
  [{ kind: 'hang', body: { path: 'model' } }, 'is {"path":"model"}; allowed: {"path"'],
  [{ kind: 'certificate', certificate: 'golden' }, 'is "golden"; allowed: trusted, self-signed'],
  [{ kind: 'mix', of: [] }, '"of" of fault "mix" is []; allowed: an array of faults'],
  [{ kind: 'mix', of: [{ kind: 'hang', weight: 0 }] }, '"weight" of member 0 of mix "hang" is 0; allowed: a number'],
  [{ kind: 'latency', milliseconds: '1s' }, 'is "1s"; allowed: a number of milliseconds from 0 to 600000'],
  [{ kind: 'latency', milliseconds: -1 }, 'is -1; allowed: a number of milliseconds'],
  [{ kind: 'cut', bytes: -1 }, 'is -1; allowed: a whole number of bytes'],
  [{ kind: 'hang', next: 0 }, '"next" of fault "hang" is 0; allowed: a whole number of requests, 1 or more'],
  [{ kind: 'hang', rate: 1.01 }, '"rate" of fault "hang" is 1.01; allowed: a number from 0 to 1'],
  [{ kind: 'hang', route: '/v1' }, '"route" of fault "hang" is "/v1"; allowed: "METHOD /path"'],
])('rejects %j and lists the allowed values', (body, message) => {
  const refusal = refusalOf(body);
  expect(refusal.code).toBe('invalid-field');
  expect(refusal.message).toContain(message);
});

test('reports all errors together', () => {
  const { message } = refusalOf({ kind: 'status', status: 1, next: -1 });
  expect(message).toContain('"status"');
  expect(message).toContain('"next"');
});

test('rejects next and rate together', () => {
  expect(refusalOf({ kind: 'hang', next: 1, rate: 0.5 }).code).toBe('ambiguous-scope');
});

test('a port can only flap by time', () => {
  const { code, message } = refusalOf({ kind: 'refuse', flapping: { onRequests: 1, offRequests: 1 } });
  expect(code).toBe('ambiguous-scope');
  expect(message).toContain('allowed: {"onMilliseconds", "offMilliseconds"}');
});

test("a mix can't have a member that acts on the port", () => {
  const { code, message } = refusalOf({ kind: 'mix', of: [{ kind: 'refuse', weight: 1 }] });
  expect(code).toBe('unknown-fault-kind');
  expect(message).toMatch(/allowed: .*status/);
});
