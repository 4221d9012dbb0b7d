import { expect, test } from 'vitest';
import { ConfigurationError } from '../../../service/config/configuration-error.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { SECRET_KEY_REFUSAL } from '../../../service/config/secret-key.ts';

const REQUIRED = {
  SECRET_KEY: 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p',
  DATABASE_URL: 'postgres://ada:hunter2@db/service',
  GROQ_API_KEY: 'gsk_hidden',
  MEM0_API_KEY: 'm0-hidden',
};

const load = (settings: NodeJS.ProcessEnv = {}) => loadConfiguration({ ...REQUIRED, ...settings });

function problemsOf(settings: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfiguration(settings);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

test('has the specification’s defaults', () => {
  expect(load()).toEqual({
    host: '127.0.0.1',
    port: 8000,
    environment: 'production',
    logLevel: 'info',
    secretKey: REQUIRED.SECRET_KEY,
    secrets: [REQUIRED.SECRET_KEY, 'gsk_hidden', 'm0-hidden', REQUIRED.DATABASE_URL, 'hunter2', 'hunter2'],
    warnings: [],
    sslVerifyEnabled: true,
    replicas: 1,
    shutdownGraceMs: 20_000,
    http: { max: 10_000, maxPerAddress: 2500, headersTimeoutMs: 10_000, requestTimeoutMs: 20_000 },
    upstreams: { timeoutMs: 10_000, budgetMs: 15_000, concurrencyMax: 50, countTooManyRequests: true },
    loadShedDelayMs: 250,
    pendingWorker: { enabled: true, intervalMs: 5000 },
    groq: { baseUrl: 'https://api.groq.com', apiKey: 'gsk_hidden', model: 'openai/gpt-oss-20b' },
    mem0: { baseUrl: 'https://api.mem0.ai', apiKey: 'm0-hidden' },
    database: {
      url: REQUIRED.DATABASE_URL,
      poolMax: 10,
      queueMax: 50,
      acquireTimeoutMs: 2000,
      statementTimeoutMs: 30_000,
      startTimeoutMs: 30_000,
    },
    rateLimits: {
      enabled: true,
      default: [{ amount: 100, windowMs: 60_000 }],
      conversationsEnd: [{ amount: 100, windowMs: 60_000 }],
      activitiesSuggest: [{ amount: 60, windowMs: 60_000 }],
      health: [{ amount: 300, windowMs: 60_000 }],
      storeFailure: 'closed',
      trustedHops: 0,
    },
    limitStore: { kind: 'memory', url: REQUIRED.DATABASE_URL, timeoutMs: 500 },
    breakers: { enabled: true, failureThreshold: 5, recoveryTimeoutMs: 60_000 },
  });
});

test.each(['True', 'true', 'TRUE', '1', 'yes', 'on'])('parses %j as true', (text) => {
  expect(load({ SSL_VERIFY_ENABLED: text }).sslVerifyEnabled).toBe(true);
});

test.each(['False', 'false', '0', 'no', 'off'])('parses %j as false', (text) => {
  expect(load({ CIRCUIT_BREAKER_ENABLED: text }).breakers.enabled).toBe(false);
});

test('parses a recovery timeout with a fraction of a second', () => {
  expect(load({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1.5' }).breakers.recoveryTimeoutMs).toBe(1500);
});

test('removes the trailing slash of a base URL', () => {
  expect(load({ GROQ_BASE_URL: 'https://127.0.0.1:9/groq/' }).groq.baseUrl).toBe('https://127.0.0.1:9/groq');
});

test.each([
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '80a'],
  ['PORT', ''],
  ['ENVIRONMENT', 'prod'],
  ['LOG_LEVEL', 'loud'],
  ['SSL_VERIFY_ENABLED', 'maybe'],
  ['RATE_LIMIT_ENABLED', ''],
  ['RATE_LIMIT_DEFAULT', '100/week'],
  ['CIRCUIT_BREAKER_FAILURE_THRESHOLD', '0'],
  ['CIRCUIT_BREAKER_FAILURE_THRESHOLD', '2.5'],
  ['CIRCUIT_BREAKER_RECOVERY_TIMEOUT', '0'],
  ['CIRCUIT_BREAKER_RECOVERY_TIMEOUT', 'Infinity'],
  ['CIRCUIT_BREAKER_RECOVERY_TIMEOUT', '2147484'],
  ['DATABASE_POOL_MAX', '0'],
  ['DATABASE_QUEUE_MAX', '-1'],
  ['DATABASE_ACQUIRE_TIMEOUT_MS', '0'],
  ['UPSTREAM_TIMEOUT_MS', '2147483647'],
  ['RATE_LIMIT_STORE_FAILURE', 'ajar'],
  ['RATE_LIMIT_STORE_TIMEOUT_MS', '0'],
  ['TRUST_PROXY_HOPS', '-1'],
  ['TRUST_PROXY_HOPS', 'true'],
])('rejects %s=%j, naming the setting, the value and the allowed values', (name, text) => {
  const [problem, ...others] = problemsOf({ ...REQUIRED, [name]: text });
  expect(others).toEqual([]);
  expect(problem).toMatch(new RegExp(`^${name}: ${JSON.stringify(text)} is not .*(must be|allowed is) `));
});

test.each(['DATABASE_URL', 'GROQ_API_KEY', 'MEM0_API_KEY'])('requires %s', (name) => {
  expect(problemsOf({ ...REQUIRED, [name]: undefined })).toEqual([expect.stringContaining(`${name}: is missing`)]);
});

test.each([
  ['DATABASE_URL', 'mysql://ada:hunter2@db/service'],
  ['RATE_LIMIT_STORE', 'redis://:hunter2@cache'],
  ['RATE_LIMIT_STORE', 'hunter2'],
  ['GROQ_API_KEY', 'hunter2 with blanks'],
  ['MEM0_API_KEY', 'hunter2\nx-injected: 1'],
  ['GROQ_BASE_URL', 'https://ada:hunter2@api'],
  ['MEM0_BASE_URL', 'hunter2'],
])("doesn't show the value of an invalid %s", (name, text) => {
  const [problem] = problemsOf({ ...REQUIRED, [name]: text });
  expect(problem).toContain(`${name}: its value is not allowed`);
  expect(problem).not.toContain('hunter2');
});

test.each([
  ['RATE_LIMIT_CONVERSATIONS_END', 'RATE_LIMIT_CONVERSATION_END'],
  ['RATE_LIMITS_DEFAULT', 'RATE_LIMIT_DEFAULT'],
  ['CIRCUT_BREAKER_ENABLED', 'CIRCUIT_BREAKER_ENABLED'],
  ['rate_limit_enabled', 'RATE_LIMIT_ENABLED'],
  ['CIRCUIT_BREAKER_THRESHOLD', 'CIRCUIT_BREAKER_ENABLED'],
  ['DATABASE_POOLMAX', 'DATABASE_POOL_MAX'],
  ['DATABASE_ENTIRELY_DIFFERENT', undefined],
  ['SSL_VERIFY', 'SSL_VERIFY_ENABLED'],
  ['GROQ_KEY', 'GROQ_API_KEY'],
  ['MEM0_KEY', 'MEM0_API_KEY'],
  ['UPSTREAM_TIMEOUT', 'UPSTREAM_TIMEOUT_MS'],
  ['TRUST_PROXY', 'TRUST_PROXY_HOPS'],
  ['SECRET_KEY_BASE', 'SECRET_KEY'],
])('rejects the unknown setting %s by name, and suggests %s', (name, meant) => {
  const suggestion = meant ? `; did you mean ${meant}?` : '';
  expect(problemsOf({ ...REQUIRED, [name]: '1' })).toEqual([`${name}: there is no such setting${suggestion}`]);
});

test('ignores variables of other programs', () => {
  expect(() => load({ PATH: '/bin', NODE_ENV: 'test', RATELIMIT: '1', SSL_CERT_FILE: '/ca.pem' })).not.toThrow();
});

test('reports all problems together', () => {
  const problems = problemsOf({ PORT: 'x', RATE_LIMIT_DEFAULT: 'y', GROQ_TYPO: 'z', MEM0_API_KEY: 'm0' });
  expect(problems.slice(0, 2)).toEqual([SECRET_KEY_REFUSAL, 'SECRET_KEY is not set.']);
  expect(problems.map((problem) => problem.split(':')[0]).slice(2)).toEqual([
    'GROQ_TYPO',
    'PORT',
    'DATABASE_URL',
    'GROQ_API_KEY',
    'RATE_LIMIT_DEFAULT',
  ]);
});

test("a misspelled ENVIRONMENT doesn't weaken the check of the key", () => {
  expect(problemsOf({ ...REQUIRED, ENVIRONMENT: 'develpment', SECRET_KEY: '' })).toContain(SECRET_KEY_REFUSAL);
});

test.each([
  ['SSL_VERIFY_ENABLED', 'False'],
  ['SSL_VERIFY_ENABLED', ' no '],
  ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
  ['PGSSLMODE', 'no-verify'],
])('%s=%j is rejected in production, and causes a warning in development', (name, text) => {
  const [problem, ...others] = problemsOf({ ...REQUIRED, [name]: text });
  expect(others).toEqual([]);
  expect(problem).toMatch(new RegExp(`^${name} is .*NOT verified.* refused in production`));
  expect(load({ ENVIRONMENT: 'development', [name]: text }).warnings).toEqual([
    expect.stringMatching(new RegExp(`^${name} is .*NOT verified`)),
  ]);
});

test.each(['http://api.groq.com', ' HTTP://API.GROQ.COM/v1', 'http://127.0.0.1:9', 'http://ada:hunter2@api'])(
  'an upstream at %s is rejected in production',
  (url) => {
    for (const name of ['GROQ_BASE_URL', 'MEM0_BASE_URL']) {
      const [problem] = problemsOf({ ...REQUIRED, [name]: url });
      expect(problem).toMatch(new RegExp(`^${name} is an http:// URL: .* in plain text.* It is refused in production`));
      expect(problem).not.toContain('hunter2');
    }
  },
);

test('in development, an upstream may use plain text on this machine, and causes a warning elsewhere', () => {
  const warnings = (url: string) => load({ ENVIRONMENT: 'development', MEM0_BASE_URL: url }).warnings;
  for (const host of ['127.0.0.1:9', '127.8.9.1', 'localhost:80', '[::1]:9']) {
    expect(warnings(`http://${host}`)).toEqual([]);
  }
  for (const host of ['mem0', '10.0.0.1', 'localhost.example', '127.0.0.1.example']) {
    expect(warnings(`http://${host}`)).toEqual([expect.stringMatching(/^MEM0_BASE_URL is an http:\/\/ URL/)]);
  }
});

test.each([
  ['RATE_LIMIT_DEFAULT', '900000000/second', '900000000 in 1 s', '100 in 60 s'],
  ['RATE_LIMIT_CONVERSATION_END', '10/minute', '10 in 60 s', '100 in 60 s'],
  ['RATE_LIMIT_ACTIVITIES_SUGGEST', '60/minute; 500/hour', '60 in 60 s and 500 in 3600 s', '60 in 60 s'],
  ['RATE_LIMIT_HEALTH_CHECK', '300/hour', '300 in 3600 s', '300 in 60 s'],
  ['CIRCUIT_BREAKER_FAILURE_THRESHOLD', '1000000', '1000000', '5'],
  ['CIRCUIT_BREAKER_RECOVERY_TIMEOUT', '0.5', '0.5 s', '60 s'],
])('warns that %s=%s is not specified', (name, text, given, specified) => {
  expect(load({ [name]: text }).warnings).toEqual([`${name} is ${given}: the specification says ${specified}.`]);
});

test('does not compare numbers that are not in force, or are written in another way', () => {
  const off = { RATE_LIMIT_ENABLED: 'false', CIRCUIT_BREAKER_ENABLED: 'False' };
  const numbers = { RATE_LIMIT_DEFAULT: '9/second', CIRCUIT_BREAKER_FAILURE_THRESHOLD: '9' };
  expect(load({ ...off, ...numbers }).warnings).toHaveLength(2);
  expect(load({ RATE_LIMIT_DEFAULT: '100 per 60 seconds', CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '60.0' }).warnings).toEqual(
    [],
  );
});

test.each([
  ['memory', { kind: 'memory' }],
  ['postgres', { kind: 'postgres', url: REQUIRED.DATABASE_URL }],
])('parses RATE_LIMIT_STORE=%s', (text, store) => {
  expect(load({ RATE_LIMIT_STORE: text }).limitStore).toMatchObject(store);
});

test('needs no store connections if rate limits are off', () => {
  expect(load({ RATE_LIMIT_STORE: 'postgres', RATE_LIMIT_ENABLED: 'false' }).limitStore.kind).toBe('memory');
});

test('lists every secret that must not be logged, including decoded passwords', () => {
  const { secrets } = load({ DATABASE_URL: 'postgres://ada:p%40ss-word@db/service' });
  expect(secrets).toEqual(expect.arrayContaining([REQUIRED.SECRET_KEY, 'gsk_hidden', 'm0-hidden']));
  expect(secrets).toEqual(expect.arrayContaining(['p%40ss-word', 'p@ss-word']));
});

test('warns about every protection that is off', () => {
  const { warnings } = load({
    ENVIRONMENT: 'development',
    SECRET_KEY: undefined,
    SSL_VERIFY_ENABLED: 'False',
    RATE_LIMIT_ENABLED: 'false',
    CIRCUIT_BREAKER_ENABLED: 'False',
  });
  expect(warnings.map((warning) => warning.split(' ')[0])).toEqual([
    'SECRET_KEY',
    'SSL_VERIFY_ENABLED',
    'RATE_LIMIT_ENABLED',
    'CIRCUIT_BREAKER_ENABLED',
  ]);
});

test('behind a proxy, the number of connections per address is not limited', () => {
  expect(loadConfiguration({ ...REQUIRED, TRUST_PROXY_HOPS: '1' }).http.maxPerAddress).toBeUndefined();
});
