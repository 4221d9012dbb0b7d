import { expect, test } from 'vitest';
import { goThrough } from '../../../service/checklist/checklist.ts';
import type { Observations, SeenCertificate } from '../../../service/checklist/observe/observations.ts';

const policy = { amount: 100, windowSeconds: 60 };
const METRICS = {
  'circuit_breaker_state{breaker="llm",state="closed"}': 1,
  'circuit_breaker_state{breaker="memory",state="open"}': 1,
  'protection_enabled{protection="ssl_verify"}': 1,
  'protection_enabled{protection="secret_key"}': 1,
  'upstream_tls{upstream="llm",origin="https://api.groq.com"}': 1,
  'upstream_tls{upstream="memory",origin="https://api.mem0.ai"}': 1,
  circuit_breaker_failure_threshold: 5,
  circuit_breaker_recovery_timeout_seconds: 60,
  'service_environment{environment="production"}': 1,
  'database_pool_connections{state="max"}': 10,
};
const SLOTS = { maxConnections: 200, defaultMax: 100, superuserReserved: 3, reserved: 0 };
const STRESS = {
  started: '2026-11-24T16:00:00Z',
  verdict: 'PASS',
  service: 'reference conversation service',
  profile: 'fast',
  passed: ['stress/a', 'stress/b'],
  skipped: [],
  all: ['stress/a', 'stress/b'],
};
const NOW = Date.parse('2026-11-24T12:00:00Z');
const DAY_MS = 86_400_000;

/** A certificate with a term of 90 days, of which the given number is left. */
const certificate = (title: string, daysLeft: number): SeenCertificate => ({
  title,
  origin: 'https://api.example',
  terms: [{ from: NOW + (daysLeft - 90) * DAY_MS, to: NOW + daysLeft * DAY_MS }],
});
const GOOD = [certificate('LLM API', 60), certificate('Memory API', 60)] as const;

type Given = Partial<Omit<Observations, 'metrics'>> & { metrics?: Record<string, number | undefined> };

/** A deployment on which all checklist items hold, except for the given overrides. */
const observed = (given: Given = {}) => goThrough(observedFrom(given));

function observedFrom({ metrics = {}, ...given }: Given): Observations {
  const samples = Object.entries({ ...METRICS, ...metrics }).filter((entry) => entry[1] !== undefined);
  return {
    metrics: { value: new Map(samples as [string, number][]) },
    limits: { value: [{ endpoint: 'GET /ready', status: 200, policy }] },
    certificates: { value: GOOD },
    slots: { value: SLOTS },
    packages: { value: { needed: 3, wrong: [] } },
    stress: { value: STRESS },
    replicas: 1,
    now: NOW,
    ...given,
  };
}

const notHolding = (findings: ReturnType<typeof goThrough>) =>
  findings.filter(({ mark }) => mark !== 'HOLDS').map(({ title, mark }) => [title, mark]);

test('has the items of the specification in the same order, and the certificates', () => {
  expect(observed().map(({ title }) => title)).toEqual([
    'Dependencies installed',
    'Rate limits on every endpoint',
    'Circuit breakers on both external APIs',
    'SSL verification on',
    'Certificates of both external APIs',
    'max_connections raised',
    'Stress test passed again',
    'SECRET_KEY changed in production',
  ]);
  expect(notHolding(observed())).toEqual([]);
});

test.each<[string, Given]>([
  ['Dependencies installed', { packages: { value: { needed: 3, wrong: ['pg'] } } }],
  ['Rate limits on every endpoint', { limits: { value: [{ endpoint: 'GET /x', status: 200, policy: undefined }] } }],
  [
    'Circuit breakers on both external APIs',
    {
      metrics: {
        'circuit_breaker_state{breaker="llm",state="closed"}': 0,
        'circuit_breaker_state{breaker="llm",state="disabled"}': 1,
      },
    },
  ],
  ['SSL verification on', { metrics: { 'protection_enabled{protection="ssl_verify"}': 0 } }],
  ['max_connections raised', { slots: { value: { ...SLOTS, maxConnections: 100 } } }],
  ['max_connections raised', { replicas: 20 }],
  ['Stress test passed again', { stress: { value: { ...STRESS, verdict: 'INCONCLUSIVE' } } }],
  ['Stress test passed again', { stress: { value: { ...STRESS, verdict: 'FAIL' } } }],
  ['SECRET_KEY changed in production', { metrics: { 'protection_enabled{protection="secret_key"}': 0 } }],
  ['SECRET_KEY changed in production', { metrics: { 'service_environment{environment="production"}': 0 } }],
])('%s fails independently', (title, given) => {
  expect(notHolding(observed(given))).toEqual([[title, 'FAILS']]);
});

test('items that could not be observed are unknown, with instructions', () => {
  const missing = { missing: 'nothing answered' };
  const findings = goThrough({
    metrics: missing,
    limits: missing,
    certificates: missing,
    slots: missing,
    packages: missing,
    stress: missing,
    replicas: 1,
    now: NOW,
  });
  for (const { mark, evidence } of findings) {
    expect(mark).toBe('UNKNOWN');
    expect(evidence).toMatch(/^nothing answered\. To check: ./);
  }
});

test.each<[string, Partial<typeof STRESS>, string]>([
  ['did not run a scenario', { all: [...STRESS.all, 'stress/c'] }, 'did not judge stress/c'],
  ['has a scenario that did not pass', { passed: ['stress/a'] }, 'did not judge stress/b'],
  ['skipped a specified scenario', { passed: ['stress/a'], skipped: ['stress/b'] as never }, 'did not judge stress/b'],
  [
    'did not mention a scenario that is not specified',
    { all: [...STRESS.all, 'stress/concurrency'] },
    'did not judge stress/concurrency',
  ],
  ['tested another service', { service: 'gateway' }, 'tested another service, gateway'],
  [
    'tested another build',
    { otherBuild: 'service/main.ts changed after it' } as never,
    'service/main.ts changed after',
  ],
])('a stress test that %s is unknown', (_what, given, evidence) => {
  const findings = observed({ stress: { value: { ...STRESS, ...given } } });
  expect(notHolding(findings)).toEqual([['Stress test passed again', 'UNKNOWN']]);
  expect(findings.find(({ mark }) => mark === 'UNKNOWN')?.evidence).toContain(evidence);
});

test('a stress test may skip what the specification does not ask for', () => {
  const skipped = ['stress/budgets', 'stress/concurrency', 'stress/requests-in-progress'];
  const stress = { ...STRESS, skipped, all: [...STRESS.all, ...skipped] };
  expect(notHolding(observed({ stress: { value: stress } }))).toEqual([]);
});

const announced = (endpoint: string, amount: number, windowSeconds: number): Given => ({
  limits: { value: [{ endpoint, status: 200, policy: { amount, windowSeconds } }] },
});
const numbers = (threshold: number, seconds: number): Given => ({
  metrics: {
    circuit_breaker_failure_threshold: threshold,
    circuit_breaker_recovery_timeout_seconds: seconds,
  },
});

const LIMITS = 'Rate limits on every endpoint';
const BREAKERS = 'Circuit breakers on both external APIs';
const TLS = 'SSL verification on';
const CERTIFICATES = 'Certificates of both external APIs';

test.each<[string, Given, [string, string][]]>([
  ['the specified limit of an endpoint', announced('GET /health', 300, 60), []],
  ['another limit of it', announced('POST /v1/activities/suggest', 100, 60), [[LIMITS, 'FAILS']]],
  [
    'an endpoint that fails without its limit',
    { limits: { value: [{ endpoint: 'GET /x', status: 503, policy: undefined }] } },
    [[LIMITS, 'UNKNOWN']],
  ],
  [
    'one that fails, and one without a limit',
    { limits: { value: [503, 404].map((status) => ({ endpoint: 'GET /x', status, policy: undefined })) } },
    [[LIMITS, 'FAILS']],
  ],
  ['900,000,000 requests a second', announced('GET /ready', 900_000_000, 1), [[LIMITS, 'FAILS']]],
  ['one request too many', announced('GET /ready', 101, 60), [[LIMITS, 'FAILS']]],
  ['as many requests in a shorter window', announced('GET /ready', 100, 59), [[LIMITS, 'FAILS']]],
  ['a stricter limit', announced('GET /ready', 50, 60), [[LIMITS, 'WARNING']]],
  ['as many requests in a longer window', announced('GET /ready', 100, 3600), [[LIMITS, 'WARNING']]],
  [
    'a second, shorter limit',
    {
      ...announced('GET /ready', 5, 1),
      metrics: {
        'rate_limit_requests{setting="RATE_LIMIT_DEFAULT",window_seconds="60"}': 100,
        'rate_limit_requests{setting="RATE_LIMIT_DEFAULT",window_seconds="1"}': 5,
      },
    },
    [[LIMITS, 'WARNING']],
  ],
  ['a threshold of 1,000,000', numbers(1_000_000, 60), [[BREAKERS, 'FAILS']]],
  ['a threshold of 1', numbers(1, 60), [[BREAKERS, 'FAILS']]],
  ['a recovery of an hour', numbers(5, 3600), [[BREAKERS, 'FAILS']]],
  ['a recovery of a second', numbers(5, 1), [[BREAKERS, 'FAILS']]],
  ['numbers that make advise may suggest', numbers(8, 30), [[BREAKERS, 'WARNING']]],
  ['one more than it may suggest', numbers(9, 60), [[BREAKERS, 'FAILS']]],
  [
    'an upstream in plain text',
    {
      metrics: {
        'upstream_tls{upstream="memory",origin="https://api.mem0.ai"}': undefined,
        'upstream_tls{upstream="memory",origin="http://127.0.0.1:9"}': 0,
      },
      certificates: { value: GOOD.slice(0, 1) },
    },
    [
      [TLS, 'FAILS'],
      [CERTIFICATES, 'FAILS'],
    ],
  ],
  ['a certificate for 14 more days', { certificates: { value: [GOOD[0], certificate('Memory API', 14)] } }, []],
  [
    'a certificate for 13 more days',
    { certificates: { value: [GOOD[0], certificate('Memory API', 13)] } },
    [[CERTIFICATES, 'WARNING']],
  ],
  [
    'an issuer that expires sooner than its certificate',
    {
      certificates: {
        value: [GOOD[0], { ...GOOD[1], terms: [...(GOOD[1].terms ?? []), ...(certificate('', 2).terms ?? [])] }],
      },
    },
    [[CERTIFICATES, 'WARNING']],
  ],
  [
    'a certificate that is not accepted',
    { certificates: { value: [{ ...GOOD[0], problem: 'CERT_HAS_EXPIRED' }, GOOD[1]] } },
    [[CERTIFICATES, 'FAILS']],
  ],
  [
    'an API that can’t be reached from here',
    {
      certificates: {
        value: [GOOD[0], { title: 'Memory API', origin: 'https://api.mem0.ai', unreachable: 'ENOTFOUND' }],
      },
    },
    [[CERTIFICATES, 'UNKNOWN']],
  ],
])('%s', (_what, given, expected) => {
  expect(notHolding(observed(given))).toEqual(expected);
});

test('a service that does not show its numbers and upstreams is unknown', () => {
  const { metrics, ...others } = observedFrom({});
  const shown = 'value' in metrics ? [...metrics.value] : [];
  const hidden = shown.filter(([name]) => !/^(upstream_tls|circuit_breaker_(failure|recovery))/.test(name));
  const findings = goThrough({ ...others, metrics: { value: new Map(hidden) } });
  expect(notHolding(findings)).toEqual([
    [BREAKERS, 'UNKNOWN'],
    [TLS, 'UNKNOWN'],
  ]);
});
