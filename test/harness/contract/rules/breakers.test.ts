import { expect, test } from 'vitest';
import { asking, problemsWith, VALID } from './problems.ts';

const FAILURE = { kind: 'status', status: 500 };
const TCP_FAULTS = [{ kind: 'reset' }, { kind: 'blackhole' }, { kind: 'refuse' }];

/** Returns what is wrong with a breaker in front of an upstream, without the path to the breaker. */
async function problemsOf(upstream: string, breaker: object, llm: object = {}): Promise<string[]> {
  const found = await problemsWith({
    upstreams: { ...VALID.upstreams, llm: { kind: 'groq', ...llm }, uncounted: { tcp: '127.0.0.1:6379' } },
    environment: { DATABASE_URL: '${postgres}' },
    ...asking({ reaches: [upstream] }),
    breakers: { main: { upstream, endpoint: 'ask', refusal: 503, failures: [FAILURE], ...breaker } },
  });
  return found.map((problem) => problem.replace('breakers.main.', ''));
}

const COUNTED = { counts: 'attempts', failures: [FAILURE, { kind: 'malformed-json' }] };
const UNKNOWN = 'unknown fault kind';

test.each<[string, string, object, object?]>([
  ['TCP faults for a TCP server', 'cache', { failures: TCP_FAULTS, harmless: [{ kind: 'latency', milliseconds: 50 }] }],
  ['TCP faults for the database', 'database', { failures: TCP_FAULTS }],
  ['HTTP faults for an HTTP upstream', 'llm', {}],
  [
    'counted attempts that are always repeated',
    'llm',
    COUNTED,
    { calls: { attempts: 3, on: ['5xx'], never: ['body'] } },
  ],
])('accepts %s', async (_, upstream, breaker, llm) => {
  expect(await problemsOf(upstream, breaker, llm)).toEqual([]);
});

test.each<[string, string, object, string, object?]>([
  [
    'HTTP faults for a TCP server',
    'cache',
    { failures: [{ kind: 'reset' }, FAILURE] },
    `failures.1: ${UNKNOWN} "status"; allowed: blackhole, half-close, latency`,
  ],
  [
    'HTTP faults for the database',
    'database',
    { failures: [{ kind: 'reset' }, FAILURE] },
    `failures.1: ${UNKNOWN} "status"; allowed: blackhole, half-close, latency`,
  ],
  [
    'a fault that would also affect later calls on the connection',
    'cache',
    { failures: [{ kind: 'reset' }, { kind: 'half-open' }] },
    `failures.1: ${UNKNOWN} "half-open"; allowed: `,
  ],
  [
    'TCP faults of which a caller sees none immediately',
    'cache',
    { failures: [{ kind: 'blackhole' }, { kind: 'refuse' }] },
    'failures: none of these faults fails a call as soon as it arrives, and scenarios need such a fault, for example { kind: reset }',
  ],
  [
    'a TCP server whose calls are not counted',
    'uncounted',
    { failures: [{ kind: 'reset' }] },
    'upstream: the calls to "uncounted" can\'t be counted: add upstreams.uncounted.calls, such as redis',
  ],
  ...[{ attempts: 3, on: ['5xx'] }, { attempts: 3, on: [503], never: [500, 'body'] }, {}].map(
    (calls): [string, string, object, string, object] => [
      `counted attempts that may not be repeated: ${JSON.stringify(calls)}`,
      'llm',
      COUNTED,
      'counts: needs failures that are always repeated',
      { calls },
    ],
  ),
  [
    'counted attempts beside a failure of which nobody knows how a client sees it',
    'llm',
    { ...COUNTED, failures: [FAILURE, { kind: 'cut-stream' }] },
    'repeated, and calls may not be repeated after cut-stream: list those of this breaker in upstreams.llm.calls.on',
    { calls: { attempts: 3, on: ['5xx'] } },
  ],
])('rejects %s', async (_, upstream, breaker, problem, llm) => {
  expect(await problemsOf(upstream, breaker, llm)).toEqual([expect.stringContaining(problem)]);
});
