import { expect, test } from 'vitest';
import { goThrough } from '../../../service/checklist/checklist.ts';
import type { Observations } from '../../../service/checklist/observe/observations.ts';

const policy = { amount: 100, windowSeconds: 60 };
const METRICS = {
  'circuit_breaker_state{breaker="llm",state="closed"}': 1,
  'circuit_breaker_state{breaker="memory",state="open"}': 1,
  'protection_enabled{protection="ssl_verify"}': 1,
  'protection_enabled{protection="secret_key"}': 1,
  'service_environment{environment="production"}': 1,
  'database_pool_connections{state="max"}': 10,
};
const SLOTS = { maxConnections: 200, defaultMax: 100, superuserReserved: 3, reserved: 0 };
const STRESS = { started: '2026-11-24T16:00:00Z', verdict: 'PASS', ran: ['stress/a', 'stress/b'] };

type Given = Partial<Omit<Observations, 'metrics'>> & { metrics?: Record<string, number> };

/** A deployment on which all checklist items hold, except for the given overrides. */
function observed({ metrics = {}, ...given }: Given = {}) {
  const seen: Observations = {
    metrics: { value: new Map(Object.entries({ ...METRICS, ...metrics })) },
    limits: { value: [{ endpoint: 'GET /health', status: 200, policy }] },
    slots: { value: SLOTS },
    packages: { value: { asked: 3, wrong: [] } },
    stress: { value: { ...STRESS, all: STRESS.ran } },
    replicas: 1,
    ...given,
  };
  return goThrough(seen);
}

const notHolding = (findings: ReturnType<typeof goThrough>) =>
  findings.filter(({ mark }) => mark !== 'HOLDS').map(({ title, mark }) => [title, mark]);

test('has the items of the specification, in the same order', () => {
  expect(observed().map(({ title }) => title)).toEqual([
    'Dependencies installed',
    'Rate limits on every endpoint',
    'Circuit breakers on both external APIs',
    'SSL verification on',
    'max_connections raised',
    'Stress test passed again',
    'SECRET_KEY changed in production',
  ]);
  expect(notHolding(observed())).toEqual([]);
});

test.each<[string, Given]>([
  ['Dependencies installed', { packages: { value: { asked: 3, wrong: ['pg'] } } }],
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
  ['Stress test passed again', { stress: { value: { ...STRESS, verdict: 'INCONCLUSIVE', all: STRESS.ran } } }],
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
    slots: missing,
    packages: missing,
    stress: missing,
    replicas: 1,
  });
  for (const { mark, evidence } of findings) {
    expect(mark).toBe('UNKNOWN');
    expect(evidence).toMatch(/^nothing answered\. To check: ./);
  }
});

test('a stress test without all scenarios is unknown', () => {
  const findings = observed({ stress: { value: { ...STRESS, all: [...STRESS.ran, 'stress/c'] } } });
  expect(notHolding(findings)).toEqual([['Stress test passed again', 'UNKNOWN']]);
});
