import { expect, test } from 'vitest';
import { type ContractFile, contractSchema } from '../../harness/contract/contract.ts';
import { loadScenario } from '../../harness/run/scenario.ts';

const STARTED = { command: ['serve'], readyPath: '/', readySeconds: 1 };
const RUNNING = { running: { url: 'http://127.0.0.1:1' }, readyPath: '/', readySeconds: 1 };

/**
 * Returns why a limit scenario is skipped if clients are identified by their credentials, or undefined if it isn't
 * skipped.
 */
async function skipped(keys: string, parts: Partial<ContractFile> = {}) {
  const contract = contractSchema.parse({
    name: 'notes',
    start: STARTED,
    environment: { KEYS: keys },
    endpoints: { notes: { method: 'GET', path: '/', authenticated: true, user: 'u-${client}', served: [200] } },
    authentication: { kind: 'bearer', keySetting: 'KEYS' },
    client: 'key',
    profiles: { fast: { limits: { notes: { max: 1, windowSeconds: 1 } } } },
    ...parts,
  });
  const loaded = await loadScenario('stress/rate-limits', contract, 'fast');
  return 'skipped' in loaded ? loaded.skipped : undefined;
}

test('two keys are enough for one limit, and generated keys for any', async () => {
  expect(await skipped('a,b')).toBeUndefined();
  expect(await skipped('${keys}')).toBeUndefined();
});

test('too few keys, or the same key twice, skip the scenario', async () => {
  const why = 'the contract describes no 2 clients: KEYS holds 1 of them (${keys} generates as many as needed)';
  expect(await skipped('a')).toBe(why);
  expect(await skipped('a,a')).toBe(why);
});

test('a running service remembers its keys, but users with tokens are new in each scenario', async () => {
  expect(await skipped('a,b', { start: RUNNING })).toContain('KEYS of a running service is fixed');
  const authentication = { kind: 'bearer-jwt-hs256', keySetting: 'KEYS' } as const;
  expect(await skipped('a', { start: RUNNING, client: 'user', authentication })).toBeUndefined();
});

test('clients that are known by something else need no keys', async () => {
  expect(await skipped('a', { start: RUNNING, client: { header: 'X-Tenant' } })).toBeUndefined();
});
