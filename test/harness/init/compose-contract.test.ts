import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { answering } from '../../../harness/commands/init.ts';
import { composeContract } from '../../../harness/init/compose-contract.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { interview } from './interview.ts';

const BARE = { upstreams: 'none', databaseSetting: 'none', limit: 'none' };

test('the default answers promise nothing', async () => {
  const contract = parse(await composeContract(answering(({ usual }) => usual)));
  expect(Object.keys(contract)).toEqual(['name', 'start', 'environment', 'endpoints', 'secrecy', 'profiles']);
  expect(contract.profiles).toEqual({ fast: {} });
});

test('usual answers make a valid contract', async () => {
  const { contract } = await interview({ name: 'shop' });
  expect(contract).toMatchObject({ name: 'shop', start: { command: ['node', 'server.js'] } });
  expect(contract.environment).toMatchObject({ PORT: '${port}', GROQ_BASE_URL: '${upstream.llm}' });
  expect(contract.upstreams).toEqual({ llm: { kind: 'groq' } });
  expect(contract.profiles.fast).toMatchObject({
    limits: { main: { max: 20, windowSeconds: 60 } },
    breakers: { llm: { threshold: 5, recoverySeconds: 60 } },
  });
  expect(contract.limiter.window).toBe('first-request');
});

test('a service with all features can run every scenario except those for other upstreams and settings', async () => {
  const { contract } = await interview({
    secretSetting: 'SECRET_KEY',
    readEndpoint: 'GET /items/7',
    readServed: '200 404',
    noLimits: 'RATE_LIMITS=off CACHE=',
  });
  expect(contract.endpoints.read?.served).toEqual([200, 404]);
  expect(contract.conditions).toEqual({ 'no-rate-limits': { RATE_LIMITS: 'off', CACHE: '' } });
  const held = ['stress/smoke', 'stress/connection-ceiling', 'chaos/llm-outage', 'chaos/impostor', 'chaos/weak-secret'];
  for (const name of held) expect(await loadScenario(name, contract, 'fast')).not.toHaveProperty('skipped');
});

test('a service without upstreams, database and limits is asked few questions, and its contract is short', async () => {
  const { contract, parts, questions } = await interview({ ...BARE, endpoint: 'GET /items' });
  expect(questions).toEqual([
    'name',
    'running',
    'command',
    'configFile',
    'readyPath',
    'portSetting',
    'databaseSetting',
    'secretSetting',
    'graceSeconds',
    'upstreams',
    'endpoint',
    'served',
    'authentication',
    'limit',
  ]);
  expect(parts).toEqual(['name', 'start', 'environment', 'endpoints', 'secrecy', 'profiles']);
  expect(contract).toMatchObject({ breakers: {}, upstreams: {}, endpoints: { main: { reaches: [] } } });
  expect(contract.environment).toEqual({ PORT: '${port}' });
  expect([contract.pool, contract.secret, contract.ledger]).toEqual([undefined, undefined, undefined]);
});

test('how a service ends is promised only if its user says so', async () => {
  const { contract } = await interview({ ...BARE, graceSeconds: '10' });
  expect(contract.termination).toMatchObject({ graceSeconds: 10, inFlight: 'finished' });
});

test.each([
  ['form name=ada', { form: { name: 'ada' } }],
  ['text hello ${unique}', { text: 'hello ${unique}' }],
  [
    'file ./cat.png image/png',
    { file: { name: 'cat.png', type: 'image/png', path: expect.stringMatching(/cat.png$/) } },
  ],
])('the tested endpoint can have the body "%s"', async (body, described) => {
  const { contract } = await interview({ ...BARE, body }, ['cat.png']);
  expect(contract.endpoints.main).toMatchObject(described);
});

test('rows of the tested endpoint become a ledger, acknowledged with its statuses', async () => {
  const { contract } = await interview({
    body: '{"id": "e-${unique}"}',
    served: '200, 202',
    noLimits: 'LIMITS=off',
    ledgerTable: 'events',
    ledgerColumn: 'event_key',
    ledgerKey: 'e-${unique}',
  });
  expect(contract.endpoints.main?.body).toEqual({ id: 'e-${unique}' });
  expect(contract.ledger).toEqual({
    endpoint: 'main',
    table: 'events',
    column: 'event_key',
    key: 'e-${unique}',
    acknowledged: [200, 202],
  });
  expect(await loadScenario('chaos/termination', contract, 'fast')).not.toHaveProperty('skipped');
});

test('for a running service, only questions about its visible behavior are asked', async () => {
  const own = {
    running: 'http://127.0.0.1:8000',
    log: '/var/log/shop',
    authentication: 'bearer-jwt-hs256',
    keySetting: 'JWT_KEY',
  };
  const { contract, questions } = await interview(own);
  expect(questions).toEqual([
    'name',
    'running',
    'log',
    'readyPath',
    'endpoint',
    'body',
    'served',
    'authentication',
    'keySetting',
    'limit',
    'client',
    'window',
  ]);
  expect(contract.start).toMatchObject({ running: { url: own.running, log: own.log }, readyPath: '/health' });
  expect(contract).toMatchObject({ environment: { JWT_KEY: '${env.JWT_KEY}' }, breakers: {}, conditions: {} });
  expect(await loadScenario('stress/rate-limits', contract, 'fast')).not.toHaveProperty('skipped');
});
