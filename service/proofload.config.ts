import type { ContractFile } from '../harness/contract/contract.ts';
import { mainOf } from '../harness/process/main-of.ts';

/** Absolute, because contracts in other folders extend this one. */
const MAIN = mainOf('service');

/** Node does not strip types under node_modules, so the installed package uses its own loader. */
const ERASE_TYPES = import.meta.url.includes('/node_modules/')
  ? ['--import', new URL('../bin/strip-types.js', import.meta.url).href]
  : [];

const userId = 'user-${unique}';
/** Longer than the upstream timeout in any profile, in milliseconds. */
const TOO_LONG_MS = 300_000;

/** Upstream faults that count as a failure because there is no usable response in time. */
const failures = [
  { kind: 'hang' },
  { kind: 'status', status: 500 },
  { kind: 'reset' },
  { kind: 'status', status: 503 },
  { kind: 'cut', bytes: 10 },
  { kind: 'half-close' },
  ...[408, 502, 504].map((status) => ({ kind: 'status', status })),
  ...['html-page', 'error-in-body', 'partial-json'].map((kind) => ({ kind })),
  ...['reset-in-headers', 'reset-in-body', 'stall', 'drip', 'keep-alives'].map((kind) => ({ kind })),
  { kind: 'latency', milliseconds: TOO_LONG_MS },
  { kind: 'refuse' },
  { kind: 'malformed-json' },
  { kind: 'redirect' },
];

/** Responses that indicate a problem with the request and therefore don't count as upstream failures. */
const ignored = [400, 401, 403, 404, 409, 413, 422, 424, 498, 499].map((status) => ({ kind: 'status', status }));

/** Faults that do not make a call fail: short delays, small chunks, and stream faults. */
const harmless = [
  { kind: 'latency', milliseconds: 50 },
  { kind: 'latency-ramp', toMilliseconds: 50, overMilliseconds: 1 },
  { kind: 'slow-first-token', milliseconds: 50 },
  { kind: 'split-chunks' },
  { kind: 'nothing-left', seconds: 1 },
  { kind: 'error-in-stream' },
  { kind: 'cut-stream', events: 1 },
  { kind: 'missing-done' },
  { kind: 'flood', megabytes: 1 },
];

/** The statuses that callers get for a failing upstream, by fault. */
const statuses = { 429: 502, 500: 502, cut: 502, redirect: 502 };

/** A start that must fail because upstream certificates would not be verified. */
const unverifiedBy = (value: string) => ({
  settings: { SSL_VERIFY_ENABLED: value },
  says: 'SSL_VERIFY_ENABLED is False: certificates are NOT verified',
  exitCode: 2,
});

/** A start that must fail because an upstream would be called without TLS. */
/** The type and the body of refusals: JSON with one of these codes. */
const refusalWith = (...codes: string[]) => ({ type: 'application/json', has: 'error.code', equals: codes });

const inPlainText = (setting: string) => ({
  settings: { [setting]: 'http://127.0.0.1:9' },
  says: `${setting} is an http:// URL`,
  exitCode: 2,
});

/** A start that must fail because the server does not have enough connections. */
const noRoomFor = (settings: Record<string, string>, says: string) => ({ settings, says, exitCode: 1 });

/**
 * The reference service's contract, which is all that the harness knows about it: its start, endpoints, protections and
 * limits. The values in the `production` profile come from the specification.
 */
export default {
  name: 'reference conversation service',
  start: { command: ['node', ...ERASE_TYPES, MAIN], readyPath: '/health', readySeconds: 20 },
  upstreams: { groq: { kind: 'groq' }, mem0: { kind: 'mem0' } },
  environment: {
    HOST: '127.0.0.1',
    PORT: '${port}',
    ENVIRONMENT: 'production',
    SECRET_KEY: '${secret}',
    DATABASE_URL: '${postgres}',
    GROQ_API_KEY: 'gsk_proofload',
    GROQ_BASE_URL: '${upstream.groq}',
    MEM0_API_KEY: 'm0-proofload',
    MEM0_BASE_URL: '${upstream.mem0}',
    NODE_EXTRA_CA_CERTS: '${ca}',
    // It starts about 70 times in a run of all suites, twice as fast with the modules that Node compiled before.
    ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
    // The checks count upstream calls, so all calls must come from the scenarios: see `background-work`.
    PENDING_WORKER_ENABLED: 'false',
    // The load generator and the lab share the machine with the service, and must not cause load shedding.
    LOAD_SHED_EVENT_LOOP_DELAY_MS: '1000',
  },
  conditions: {
    'no-rate-limits': { RATE_LIMIT_ENABLED: 'false' },
    'no-breakers': { CIRCUIT_BREAKER_ENABLED: 'false' },
    'shared-limit-store': { RATE_LIMIT_STORE: 'postgres', REPLICAS: '2' },
    'background-work': { PENDING_WORKER_ENABLED: 'true', PENDING_WORKER_INTERVAL_MS: '200' },
    'verified-database': { DATABASE_URL: '${postgres.tls}' },
    'unverified-upstreams': { ENVIRONMENT: 'development', SSL_VERIFY_ENABLED: 'False' },
    'long-calls': { UPSTREAM_TIMEOUT_MS: '120000', UPSTREAM_BUDGET_MS: '240000' },
    'count-429': { CIRCUIT_BREAKER_COUNT_429: 'True' },
    'ignore-429': { CIRCUIT_BREAKER_COUNT_429: 'False' },
  },
  endpoints: {
    'conversation-end': {
      method: 'POST',
      path: '/v1/conversations/end',
      user: userId,
      body: {
        user_id: userId,
        conversation_id: 'conversation-${unique}',
        messages: [{ role: 'user', content: 'I would like to walk more in the mornings.' }],
      },
      served: [201],
      reaches: ['groq', 'mem0'],
      onFault: { ...statuses, reset: 502, refuse: 502, stall: 502, 'error-in-body': 502, 'malformed-json': 502 },
      // The error says that the event is stored as pending.
      finishesLater: { accepted: [502], withinSeconds: 2, survives: 'SIGTERM' },
      answers: { from: 'groq', as: 'whole' },
    },
    'activities-suggest': {
      method: 'POST',
      path: '/v1/activities/suggest',
      user: userId,
      body: { user_id: userId },
      served: [200],
      reaches: ['mem0', 'groq'],
      onFault: statuses,
    },
    health: { method: 'GET', path: '/health', served: [200] },
    'conversation-read': {
      method: 'GET',
      path: '/v1/conversations/conversation-${unique}',
      user: userId,
      onlyOwn: true,
      served: [200, 404],
      answers: { from: 'groq', as: 'whole' },
    },
    ready: { method: 'GET', path: '/ready', served: [200] },
    metrics: { method: 'GET', path: '/metrics', served: [200] },
    openapi: { method: 'GET', path: '/openapi.json', served: [200] },
    unknown: { method: 'GET', path: '/nowhere/${unique}', served: [404] },
  },
  authentication: { kind: 'bearer-jwt-hs256', keySetting: 'SECRET_KEY' },
  client: 'socket',
  limiter: {
    window: 'first-request',
    counts: 'all',
    retryAfter: true,
    headers: ['draft-7'],
    refusalAnswer: refusalWith('rate_limited'),
  },
  breakers: {
    llm: {
      upstream: 'groq',
      endpoint: 'conversation-end',
      refusal: 503,
      refusalAnswer: refusalWith('llm_circuit_open'),
      retryAfter: true,
      openings: { endpoint: 'metrics', metric: 'circuit_breaker_openings_total{breaker="llm"}' },
      untouched: ['health', 'conversation-read', 'metrics', 'openapi'],
      failures,
      ignored,
      harmless,
      log: {
        opened: ['⚠️ Circuit breaker opened for _invoke_llm after {failures} failures'],
        halfOpen: ['⏱️ Circuit breaker attempting recovery after {recovery} seconds', '"breaker":"llm"'],
        closed: ['✅ Circuit breaker closed - LLM API recovered'],
      },
    },
    memory: {
      upstream: 'mem0',
      endpoint: 'activities-suggest',
      refusal: 503,
      refusalAnswer: refusalWith('memory_circuit_open'),
      retryAfter: true,
      openings: { endpoint: 'metrics', metric: 'circuit_breaker_openings_total{breaker="memory"}' },
      untouched: ['health', 'conversation-read', 'metrics', 'openapi'],
      failures,
      ignored,
      harmless,
      log: {
        opened: ['⚠️ Circuit breaker opened for extract_memories_from_api after {failures} failures'],
        halfOpen: ['⏱️ Circuit breaker attempting recovery after {recovery} seconds', '"breaker":"memory"'],
        closed: ['✅ Circuit breaker closed - Memory API recovered'],
      },
    },
  },
  pool: {
    table: 'conversation_events',
    endpoint: 'conversation-read',
    refusal: 503,
    refusalAnswer: refusalWith('database_pool_exhausted', 'database_unavailable'),
    retryAfter: true,
  },
  ledger: {
    endpoint: 'conversation-end',
    table: 'conversation_events',
    column: 'conversation_id',
    key: 'conversation-${unique}',
    acknowledged: [200, 201, 202],
    answer: 'analysis',
  },
  termination: { graceSeconds: 20, inFlight: 'finished', ready: 'ready', exitCode: 0 },
  frozen: { seconds: 2.5 },
  capacity: { endpoint: 'conversation-read', refusal: 503 },
  cpu: { endpoint: 'metrics', metric: 'process_cpu_seconds_total' },
  memory: { endpoint: 'metrics', metric: 'process_resident_memory_bytes' },
  tls: {
    refusal: 502,
    // The service requires Node 24, which also rejects RSA keys of 1,024 bits.
    refused: ['self-signed', 'unknown-ca', 'incomplete-chain', 'expired', 'not-yet-valid', 'wrong-host', 'weak-key'],
  },
  secret: {
    setting: 'SECRET_KEY',
    weak: {
      unset: null,
      empty: '',
      blanks: ' '.repeat(40),
      'the-default-key': 'your-secret-key-change-in-production',
      'the-default-key-in-capitals': 'YOUR-SECRET-KEY-CHANGE-IN-PRODUCTION',
      'the-default-key-twice': 'your-secret-key-change-in-production'.repeat(2),
      'a-placeholder': 'change-me-to-a-long-random-string-please',
      'one-character': 'k'.repeat(64),
      'a-word-repeated': 'Zq8-rT2_vL5.xW9+'.repeat(3),
      'a-row-of-neighbours': 'abcdefghijklmnopqrstuvwxyz0123456789',
      'a-row-backwards': '9876543210zyxwvutsrqponmlkjihgfedcba',
      'a-few-characters': 'Ab3'.repeat(4) + 'bA3A3b3bAb3A'.repeat(2),
      'a-command-in-an-env-file': '$(head -c 48 /dev/urandom | base64 --wrap=0)',
      '31-characters-and-blanks': ' Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6 ',
      '31-characters': 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6',
      '31-characters-some-of-two-bytes': 'é1ü2ä3ö4ñ5ç6à7è8ì9ò0ùAáBéCíDóEú',
    },
    strong: { '32-characters': 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p' },
    refusal:
      'SECRET_KEY must be changed in production! Set a strong random key (at least 32 characters) in .env file. ' +
      'Example: SECRET_KEY=$(openssl rand -hex 32)',
    exitCode: 2,
  },
  secrecy: {},
  refusedStarts: {
    'unverified-upstreams': unverifiedBy('False'),
    'unverified-upstreams-written-false': unverifiedBy('false'),
    'unverified-upstreams-written-0': unverifiedBy('0'),
    'an-LLM-API-in-plain-text': inPlainText('GROQ_BASE_URL'),
    'a-memory-API-in-plain-text': inPlainText('MEM0_BASE_URL'),
    'nothing-verified-by-a-switch-of-Node': {
      settings: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      says: 'NODE_TLS_REJECT_UNAUTHORIZED is 0: certificates are NOT verified',
      exitCode: 2,
    },
    'an-unverified-database-by-a-switch-of-libpq': {
      settings: { PGSSLMODE: 'no-verify' },
      says: 'PGSSLMODE is no-verify: the certificate is NOT verified',
      exitCode: 2,
    },
    'an-unverified-database-by-its-URL': {
      settings: { DATABASE_URL: 'postgres://user:word@127.0.0.1:5432/events?sslmode=no-verify' },
      says: 'asks for TLS without verification',
      exitCode: 2,
    },
    'a-misspelt-environment-and-the-default-key': {
      settings: { ENVIRONMENT: 'developement', SECRET_KEY: 'your-secret-key-change-in-production' },
      says: 'SECRET_KEY must be changed in production!',
      exitCode: 2,
    },
    'no-environment-and-the-default-key': {
      settings: { ENVIRONMENT: null, SECRET_KEY: 'your-secret-key-change-in-production' },
      says: 'SECRET_KEY must be changed in production!',
      exitCode: 2,
    },
    'no-environment-and-unverified-upstreams': {
      settings: { ENVIRONMENT: null, SSL_VERIFY_ENABLED: 'False' },
      says: 'SSL_VERIFY_ENABLED is False: certificates are NOT verified',
      exitCode: 2,
    },
    'a-misspelt-protection': {
      settings: { CIRCUIT_BREAKERS_ENABLED: 'True' },
      says: 'there is no such setting; did you mean CIRCUIT_BREAKER_ENABLED?',
      exitCode: 2,
    },
    'a-pool-that-the-server-has-no-room-for': noRoomFor({ DATABASE_POOL_MAX: '900000' }, 'DATABASE_POOL_MAX'),
    'pools-of-all-replicas-that-it-has-no-room-for': noRoomFor(
      { DATABASE_POOL_MAX: '9', REPLICAS: '100000' },
      'DATABASE_POOL_MAX × REPLICAS',
    ),
  },
  profiles: {
    fast: {
      environment: {
        RATE_LIMIT_DEFAULT: '15 per 2 seconds',
        RATE_LIMIT_CONVERSATION_END: '20 per 2 seconds',
        RATE_LIMIT_ACTIVITIES_SUGGEST: '12 per 2 seconds',
        RATE_LIMIT_HEALTH_CHECK: '60 per 2 seconds',
        CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1.5',
        DATABASE_POOL_MAX: '5',
        DATABASE_QUEUE_MAX: '20',
        DATABASE_ACQUIRE_TIMEOUT_MS: '1000',
        // Longer than any scenario holds a lock. The service times out one second later.
        DATABASE_STATEMENT_TIMEOUT_MS: '5000',
        UPSTREAM_TIMEOUT_MS: '1000',
      },
      limits: {
        'conversation-end': { max: 20, windowSeconds: 2 },
        'activities-suggest': { max: 12, windowSeconds: 2 },
        health: { max: 60, windowSeconds: 2 },
        'conversation-read': { max: 15, windowSeconds: 2 },
        ready: { max: 15, windowSeconds: 2 },
        metrics: { max: 15, windowSeconds: 2 },
        openapi: { max: 15, windowSeconds: 2 },
        unknown: { max: 15, windowSeconds: 2 },
      },
      breakers: {
        llm: { threshold: 5, recoverySeconds: 1.5, callTimeoutSeconds: 1 },
        memory: { threshold: 5, recoverySeconds: 1.5, callTimeoutSeconds: 1 },
      },
      pool: { max: 5, queueMax: 20, acquireTimeoutSeconds: 1, queryTimeoutSeconds: 6 },
      capacity: { requestsPerSecond: 50, withinMs: 250, soakSeconds: 30 },
    },
    // Other numbers than in the other profiles, so that a number in the code instead of a setting is seen.
    changed: {
      environment: {
        RATE_LIMIT_DEFAULT: '9 per 4 seconds',
        RATE_LIMIT_CONVERSATION_END: '25 per 4 seconds',
        RATE_LIMIT_ACTIVITIES_SUGGEST: '18 per 4 seconds',
        RATE_LIMIT_HEALTH_CHECK: '33 per 4 seconds',
        CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3',
        CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '4',
        UPSTREAM_TIMEOUT_MS: '1000',
        // As by default. Its calls are no trials, because requests make them first.
        PENDING_WORKER_ENABLED: 'true',
      },
      limits: {
        'conversation-end': { max: 25, windowSeconds: 4 },
        'activities-suggest': { max: 18, windowSeconds: 4 },
        health: { max: 33, windowSeconds: 4 },
        'conversation-read': { max: 9, windowSeconds: 4 },
      },
      breakers: {
        llm: { threshold: 3, recoverySeconds: 4, callTimeoutSeconds: 1 },
        memory: { threshold: 3, recoverySeconds: 4, callTimeoutSeconds: 1 },
      },
    },
    production: {
      environment: {
        DATABASE_POOL_MAX: '10',
        DATABASE_QUEUE_MAX: '50',
        DATABASE_ACQUIRE_TIMEOUT_MS: '2000',
      },
      limits: {
        'conversation-end': { max: 100, windowSeconds: 60 },
        'activities-suggest': { max: 60, windowSeconds: 60 },
        health: { max: 300, windowSeconds: 60 },
        'conversation-read': { max: 100, windowSeconds: 60 },
        ready: { max: 100, windowSeconds: 60 },
        metrics: { max: 100, windowSeconds: 60 },
        openapi: { max: 100, windowSeconds: 60 },
        unknown: { max: 100, windowSeconds: 60 },
      },
      breakers: {
        llm: { threshold: 5, recoverySeconds: 60, callTimeoutSeconds: 10 },
        memory: { threshold: 5, recoverySeconds: 60, callTimeoutSeconds: 10 },
      },
      pool: { max: 10, queueMax: 50, acquireTimeoutSeconds: 2, queryTimeoutSeconds: 31 },
      capacity: { requestsPerSecond: 100, withinMs: 250, soakSeconds: 1_800 },
    },
  },
} satisfies ContractFile;
