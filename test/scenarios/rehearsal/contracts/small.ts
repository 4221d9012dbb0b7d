import type { Part, Parts } from '../contracts.ts';

const call = { method: 'POST', path: '/ask', served: [200] };
const read = { method: 'GET', path: '/items', served: [200], reaches: ['database'] };
const health = { method: 'GET', path: '/health', served: [200] };
const failures = [{ kind: 'status', status: 500 }, { kind: 'refuse' }];
const breaker = { upstream: 'llm', endpoint: 'ask', refusal: 503, failures };
const breakerNumbers = { threshold: 3, recoverySeconds: 1, callTimeoutSeconds: 1 };
const poolNumbers = { max: 4, acquireTimeoutSeconds: 1, queryTimeoutSeconds: 5 };
const limit = { max: 5, windowSeconds: 1 };
const ASK = { endpoints: { ask: { ...call, reaches: ['llm'] }, health }, upstreams: { llm: { kind: 'openai' } } };
const TCP = { mail: { tcp: '127.0.0.1:25', calls: 'redis' } };

const breakers = (more: object = {}) => ({ breakers: { llm: { ...breaker, ...more } } });

/** Two breakers, which all conditions of scenarios about them can be applied to. */
const TWO_BREAKERS: Part = {
  endpoints: {
    ask: { ...call, reaches: ['llm'], onFault: { 500: 502 } },
    send: { ...call, path: '/send', reaches: ['mem'] },
    health,
  },
  upstreams: { llm: { kind: 'openai' }, mem: { kind: 'mem0' } },
  breakers: {
    llm: { ...breaker, untouched: ['send', 'health'] },
    mem: { ...breaker, upstream: 'mem', endpoint: 'send', ignored: [{ kind: 'status', status: 429 }] },
  },
  conditions: { 'long-calls': {}, 'count-429': {}, 'ignore-429': {}, 'no-breakers': {}, 'unverified-upstreams': {} },
  fast: { breakers: { llm: breakerNumbers, mem: breakerNumbers } },
  others: { production: { limits: { ask: limit } }, changed: { limits: { ask: { ...limit, max: 4 } } } },
};

export default {
  'only an endpoint': { endpoints: { ask: call } },
  'a pool without an upstream': {
    endpoints: { items: read, health },
    pool: { table: 'items', endpoint: 'items', refusal: 503 },
    fast: { pool: poolNumbers },
  },
  'a pool and an upstream over TCP': {
    endpoints: { items: read, send: { ...call, reaches: ['mail'] } },
    upstreams: TCP,
    pool: { table: 'items', endpoint: 'items', refusal: 503 },
    fast: { pool: { ...poolNumbers, queueMax: 3 } },
  },
  'a ledger and a pool': {
    endpoints: { items: read, store: { ...call, reaches: ['database'] } },
    pool: { table: 'items', endpoint: 'items', refusal: 503 },
    ledger: { endpoint: 'store', table: 'items', column: 'id', key: 'key-${unique}', acknowledged: [200] },
    termination: { graceSeconds: 1, inFlight: 'finished' },
    fast: { pool: poolNumbers },
  },
  'a breaker of the database': {
    endpoints: { items: read, health },
    pool: { table: 'items', endpoint: 'items', refusal: 503 },
    breakers: {
      db: { upstream: 'database', endpoint: 'items', refusal: 503, failures: [{ kind: 'reset' }, { kind: 'refuse' }] },
    },
    conditions: { 'no-breakers': {} },
    fast: { pool: poolNumbers, breakers: { db: breakerNumbers } },
  },
  'a database with TLS': {
    endpoints: { items: read, health },
    pool: { table: 'items', endpoint: 'items', refusal: 503 },
    conditions: { 'verified-database': { DATABASE_URL: '${postgres.tls}' } },
    fast: { pool: poolNumbers },
  },
  'two breakers': TWO_BREAKERS,
  'a freeze': { ...TWO_BREAKERS, frozen: { seconds: 1 } },
  'a freeze without a breaker': { ...ASK, frozen: { seconds: 1 } },
  'an upstream without a pool': ASK,
  'an upstream without TLS': { ...ASK, upstreams: { llm: { kind: 'openai', tls: false } } },
  'only an upstream over TCP': { endpoints: { send: { ...call, reaches: ['mail'] } }, upstreams: TCP },
  'a breaker over TCP': {
    endpoints: { send: { ...call, reaches: ['mail'] }, health },
    upstreams: TCP,
    breakers: {
      mail: { ...breaker, upstream: 'mail', endpoint: 'send', failures: [{ kind: 'refuse' }, { kind: 'reset' }] },
    },
    fast: { breakers: { mail: breakerNumbers } },
  },
  'limits of replicas': {
    endpoints: { ask: call },
    limiter: { window: 'clock' },
    conditions: { 'shared-limit-store': {} },
    fast: { limits: { ask: limit } },
  },
  'only limits': { endpoints: { ask: call }, limiter: { window: 'clock' }, fast: { limits: { ask: limit } } },
  'a token bucket with headers': {
    endpoints: { ask: call },
    limiter: { window: 'token-bucket', retryAfter: true },
    fast: { limits: { ask: limit } },
  },
  'limits before an upstream': {
    ...ASK,
    limiter: { window: 'first-request', retryAfter: true, counts: 'served' },
    fast: { limits: { ask: limit } },
  },
  'only requests in progress': { ...ASK, fast: { requestsInProgress: { ask: { max: 2 } } } },
  'only a breaker': { ...ASK, ...breakers(), fast: { breakers: { llm: breakerNumbers } } },
  'a breaker whose failures are all repeated': {
    ...ASK,
    ...breakers({ failures: [{ kind: 'status', status: 500 }] }),
    upstreams: { llm: { kind: 'openai', calls: { attempts: 3, on: ['5xx'] } } },
    fast: { breakers: { llm: { ...breakerNumbers, threshold: 5 } } },
  },
  'a breaker without a timeout': {
    ...ASK,
    ...breakers({ ignored: [{ kind: 'status', status: 400 }] }),
    fast: { breakers: { llm: { threshold: 3, recoverySeconds: 1 } } },
  },
  'a breaker of rates': {
    ...ASK,
    ...breakers(),
    fast: { breakers: { llm: { recoverySeconds: 1, opens: { rate: 0.5, window: { calls: 6 }, minimum: 6 } } } },
  },
  'only streams': {
    ...ASK,
    endpoints: { ask: { ...call, reaches: ['llm'], stream: { format: 'sse' }, cancels: { withinSeconds: 1 } } },
  },
  'streams that are passed on, and cached': {
    ...ASK,
    client: { header: 'X-Tenant' },
    endpoints: {
      ask: {
        ...call,
        reaches: ['llm'],
        stream: { format: 'sse', relaySeconds: 0.1 },
        answers: { as: 'whole', cache: { seconds: 0.1 } },
      },
      last: { ...call, method: 'GET', path: '/last', answers: { from: 'llm', as: 'whole' } },
    },
  },
  'callers with keys': {
    endpoints: { ask: { ...call, authenticated: true } },
    client: 'key',
    authentication: { kind: 'api-key', keySetting: 'KEYS', header: 'X-Key' },
    environment: { KEYS: '${keys}' },
    fast: { limits: { ask: limit } },
  },
  'a fallback': {
    endpoints: { ask: { ...call, reaches: ['llm'], fallback: ['llm', 'backup'] } },
    upstreams: { llm: { kind: 'openai' }, backup: { kind: 'groq' } },
  },
  'work that is finished later': {
    ...ASK,
    endpoints: {
      ask: {
        ...call,
        reaches: ['llm'],
        finishesLater: { accepted: [202], upstreams: ['llm', 'later'], withinSeconds: 0.2, survives: 'SIGTERM' },
      },
    },
    upstreams: { llm: { kind: 'openai' }, later: { kind: 'mem0' } },
  },
  'a model that calls tools': {
    endpoints: { ask: { ...call, reaches: ['llm'], tools: ['order'], rounds: 3 } },
    upstreams: { llm: { kind: 'openai' }, shop: { kind: 'mem0' } },
    tools: { order: { upstream: 'shop', effect: 'POST /orders', arguments: { item: '${unique}' } } },
  },
  'a fallback from an upstream with a breaker': {
    endpoints: {
      ask: { ...call, reaches: ['llm'], fallback: { order: ['llm', 'backup'], never: [400] } },
      only: { ...call, path: '/only', reaches: ['llm'] },
    },
    upstreams: { llm: { kind: 'openai' }, backup: { kind: 'groq' } },
    ...breakers({ endpoint: 'only', duringTrial: 'wait' }),
    fast: { breakers: { llm: breakerNumbers } },
  },
  'repeated calls': {
    ...ASK,
    upstreams: { llm: { kind: 'openai', calls: { attempts: 3, on: ['5xx'], never: ['4xx'] } } },
  },
  'an upstream with bounds': {
    ...ASK,
    upstreams: {
      llm: { kind: 'openai', concurrency: 3, queueSeconds: 1, quota: { requests: 3, tokens: 100, per: 1 } },
    },
  },
  'only refused starts': {
    endpoints: { ask: call },
    refusedStarts: { 'no-key': { settings: { KEY: null }, says: 'no key' } },
  },
  'only an end': { endpoints: { ask: call }, termination: { graceSeconds: 1, inFlight: 'finished' } },
  'budgets of some seconds and of a day': {
    endpoints: {
      ask: { ...call, reaches: ['llm'], body: {} },
      chat: { ...call, reaches: ['llm'], stream: { format: 'sse' } },
    },
    upstreams: { llm: { kind: 'openai', calls: { attempts: 2, on: ['5xx'] } } },
    environment: { DATABASE_URL: '${postgres}' },
    budgets: {
      short: { of: 'tokens', max: 10, per: 0.3, survives: 'SIGKILL', count: { sql: 'SELECT 0' } },
      daily: { of: 'calls', max: 10, per: 'day' },
    },
    conditions: { 'small-budgets': {}, 'day-ends': { OFFSET: '${day.offset}' } },
  },
  'only a capacity': {
    endpoints: { ask: call },
    capacity: { endpoint: 'ask', refusal: 503 },
    fast: { capacity: { requestsPerSecond: 20, withinMs: 100 } },
  },
  'only a secret': {
    endpoints: { ask: call },
    secret: { setting: 'KEY', weak: { empty: '' }, strong: {}, exitCode: 1, refusal: 'weak' },
  },
} satisfies Parts;
