import { expect, test } from 'vitest';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { interview } from './interview.ts';

test.each([
  ['socket', 'socket'],
  ['key', 'key'],
  ['forwarded 2', { forwarded: { header: 'X-Forwarded-For', hop: 2 } }],
  ['forwarded 1 Forwarded', { forwarded: { header: 'Forwarded', hop: 1 } }],
  ['header X-Tenant', { header: 'X-Tenant' }],
])('clients that are known by %s', async (answer, client) => {
  const { contract } = await interview({ authentication: 'bearer', client: answer });
  expect(contract.client).toEqual(client);
  expect(await loadScenario('stress/rate-limits', contract, 'fast')).not.toHaveProperty('skipped');
});

test.each([
  ['bearer', { authentication: { entries: 'user:key' }, environment: { API_KEYS: '${users}' } }],
  ['basic', { environment: { API_KEYS: '${users}' } }],
  ['bearer-jwt-hs256', { endpoints: { main: { user: 'user-${client}' } } }],
])('clients that are known by their user, with %s', async (authentication, parts) => {
  const { contract } = await interview({ authentication, client: 'user' });
  expect(contract).toMatchObject({ client: 'user', ...parts });
  expect(await loadScenario('stress/rate-limits', contract, 'fast')).not.toHaveProperty('skipped');
});

test.each([
  [{ client: 'user' }],
  [{ client: 'ip' }],
  [{ authentication: 'basic', client: 'key' }],
  [{ authentication: 'basic', onlyUser: 'admin', client: 'user' }],
])('clients that can not be told apart are refused: %j', async (own) => {
  await expect(interview(own)).rejects.toThrow(/one of socket, /);
});

test('limits and windows are numbers', async () => {
  const { contract } = await interview({ limit: '5 per 0.5 seconds', window: 'sliding' });
  expect(contract.profiles.fast?.limits.main).toMatchObject({ max: 5, windowSeconds: 0.5 });
  expect(contract.limiter.window).toBe('sliding');
  await expect(interview({ limit: '20/minute' })).rejects.toThrow(/none, or as "20 per 60 seconds"/);
});
