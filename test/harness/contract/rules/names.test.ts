import { expect, test } from 'vitest';
import reference from '../../../../service/proofload.config.ts';
import { asking, problemsWith } from './problems.ts';

const LIMIT = { max: 2, windowSeconds: 1 };
const NONE = 'there is no "nowhere"';
const BREAKER = { upstream: 'llm', endpoint: 'ask', refusal: 503, failures: [{ kind: 'reset' }] };
const ENDING = { graceSeconds: 5, inFlight: 'finished' };

test.each<[string, object, string]>([
  [
    'a setting',
    { authentication: { kind: 'basic', keySetting: 'nowhere' }, ...asking({ authenticated: true }) },
    'authentication.keySetting',
  ],
  [
    'an endpoint for logging in',
    { authentication: { kind: 'login', endpoint: 'nowhere', cookie: 'sid' }, ...asking({ user: 'u' }) },
    'authentication.endpoint',
  ],
  ['an endpoint for health', { health: 'nowhere' }, 'health'],
  ['an endpoint of a breaker', { breakers: { llm: { ...BREAKER, endpoint: 'nowhere' } } }, 'breakers.llm.endpoint'],
  ['an untouched endpoint', { breakers: { llm: { ...BREAKER, untouched: ['nowhere'] } } }, 'breakers.llm.untouched'],
  [
    'an endpoint for openings',
    { breakers: { llm: { ...BREAKER, openings: { endpoint: 'nowhere', metric: 'm' } } } },
    'breakers.llm.openings.endpoint',
  ],
  [
    'an endpoint of a ledger',
    { ledger: { endpoint: 'nowhere', table: 't', column: 'c', key: '${unique}', acknowledged: [200] } },
    'ledger.endpoint',
  ],
  ['an endpoint for readiness', { termination: { ...ENDING, ready: 'nowhere' } }, 'termination.ready'],
  ['an endpoint for the capacity', { capacity: { endpoint: 'nowhere', refusal: 503 } }, 'capacity.endpoint'],
  ['an endpoint for the CPU', { cpu: { endpoint: 'nowhere', metric: 'm' } }, 'cpu.endpoint'],
  ['an endpoint for the memory', { memory: { endpoint: 'nowhere', metric: 'm' } }, 'memory.endpoint'],
  ['an endpoint of the pool', { pool: { table: 't', endpoint: 'nowhere', refusal: 503 } }, 'pool.endpoint'],
  ['a limited endpoint', { profiles: { fast: { limits: { nowhere: LIMIT } } } }, 'profiles.fast.limits.nowhere'],
  [
    'a shared limit',
    { profiles: { fast: { limits: { ask: { ...LIMIT, sharedWith: ['nowhere'] } } } } },
    'profiles.fast.limits.ask.sharedWith',
  ],
  [
    'an endpoint with a limit of concurrent requests',
    { profiles: { fast: { requestsInProgress: { nowhere: { max: 2 } } } } },
    'profiles.fast.requestsInProgress.nowhere',
  ],
  [
    'a breaker with numbers',
    { profiles: { fast: { breakers: { nowhere: { threshold: 2, recoverySeconds: 1 } } } } },
    'profiles.fast.breakers.nowhere',
  ],
])('rejects %s that is not there', async (_, changes, place) => {
  expect(await problemsWith(changes)).toEqual([expect.stringContaining(`${place}: ${NONE}; allowed: `)]);
});

test('the numbers of a pool need a pool, and a promise about streams at their end needs a stream', async () => {
  const termination = { ...ENDING, streams: 'error' };
  expect(
    await problemsWith({ profiles: { fast: { pool: { max: 2, acquireTimeoutSeconds: 1 } } }, termination }),
  ).toEqual([
    'profiles.fast.pool: the contract does not describe the pool; add `pool`',
    'termination.streams: no endpoint promises a stream; add `stream` to one',
  ]);
  expect(await problemsWith({ ...asking({ stream: { format: 'sse' } }), termination })).toEqual([]);
});

test('only processes are frozen, and only calls to HTTP upstreams can be in progress meanwhile', async () => {
  const frozen = { seconds: 2 };
  const start = { container: { image: 'ask:1' }, readyPath: '/health', readySeconds: 1 };
  expect(await problemsWith({ frozen })).toEqual([]);
  expect(await problemsWith({ frozen, start })).toEqual([
    'frozen: freezing a container is not supported; remove `frozen`',
  ]);
  expect(await problemsWith({ frozen, ...asking({ reaches: ['cache'] }) })).toEqual([
    'frozen: no endpoint reaches an HTTP upstream; add `reaches` to one',
  ]);
});

const problemsWithout = (allowed: object) => problemsWith({ ...reference, secrecy: { allowed } });

test('exceptions of secrecy name endpoints, and settings or what else is searched for', async () => {
  const responses = { health: ['DATABASE_URL', 'path'], openapi: ['stack-trace', 'RATE_LIMIT_ENABLED', 'secret'] };
  expect(await problemsWithout({ responses, log: ['GROQ_API_KEY', 'JWT'] })).toEqual([]);
  expect(await problemsWith({ ...reference, secrecy: undefined })).toEqual([]);
});

test('exceptions of secrecy for an endpoint or a name that does not exist are rejected', async () => {
  expect(await problemsWithout({ responses: { helth: ['path'] } })).toEqual([
    expect.stringMatching(/^secrecy\.allowed\.responses\.helth: there is no "helth"; allowed: conversation-end, /),
  ]);
  expect(await problemsWithout({ responses: { health: ['JWT'] }, log: ['path', 'GROQ_KEY'] })).toEqual([
    expect.stringMatching(/^secrecy\.allowed\.responses\.health\.0: there is no "JWT"; allowed: HOST, /),
    expect.stringMatching(/^secrecy\.allowed\.log\.0: there is no "path"/),
    expect.stringMatching(/^secrecy\.allowed\.log\.1: there is no "GROQ_KEY"/),
  ]);
});
