import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../../harness/commands/init.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { judgeAnswer, parseAnswers } from '../../../harness/init/answers.ts';
import { composeContract } from '../../../harness/init/compose-contract.ts';
import { type Question, questions } from '../../../harness/init/questions.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';

/** Answers all questions, with `own` in place of the suggestions. Also returns the questions that were asked. */
async function answered(own: Record<string, string>) {
  const asked: string[] = [];
  const one = async ({ name, usual }: Question) => {
    asked.push(name);
    return own[name] ?? usual;
  };
  return { answers: await ask(questions('shop'), one), asked };
}

/** Returns the contract for these answers, loaded from its file. */
async function contractOf(own: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-init-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'proofload.yaml');
  await writeFile(path, composeContract(parseAnswers((await answered(own)).answers)));
  return loadContract(path);
}

test('the default answers make a valid contract', async () => {
  const contract = await contractOf({});
  expect(contract).toMatchObject({ name: 'shop', start: { command: ['node', 'server.js'] } });
  expect(contract.environment).toMatchObject({ PORT: '${port}', GROQ_BASE_URL: '${upstream.groq}' });
  expect(contract.upstreams).toEqual({ groq: { kind: 'groq', basePath: '/openai/v1' } });
  expect(contract.profiles.fast?.limits.main).toMatchObject({ max: 20, windowSeconds: 60 });
  expect(contract.limiter.window).toBe('first-request');
});

test('a service with all features can run every scenario except those for other upstreams and settings', async () => {
  const contract = await contractOf({ readEndpoint: 'GET /items', table: 'items', noLimits: 'RATE_LIMITS=off' });
  const held = ['stress/smoke', 'stress/connection-ceiling', 'chaos/llm-outage', 'chaos/impostor', 'chaos/weak-secret'];
  for (const name of held) expect(await loadScenario(name, contract, 'fast')).not.toHaveProperty('skipped');
});

test('absent features are neither asked about nor described', async () => {
  const { asked } = await answered({ 'groq.setting': '', databaseSetting: '' });
  expect(asked).not.toContain('groq.path');
  expect(asked).not.toContain('threshold');
  expect(asked).not.toContain('table');
  const contract = await contractOf({ 'groq.setting': '', databaseSetting: '', secretSetting: '' });
  expect(contract).toMatchObject({ breakers: {}, endpoints: { main: { reaches: [] } } });
  expect([contract.pool, contract.secret]).toEqual([undefined, undefined]);
});

test.each([
  ['endpoint', 'chat', 'a method and a path, such as "POST /chat"'],
  ['endpoint', 'POST /chat', true],
  ['body', '{"a": }', 'nothing, or JSON'],
  ['body', '', true],
  ['limit', '20/minute', 'nothing, or as "20 per 60 seconds"'],
  ['threshold', 'five', 'Invalid input: expected number, received NaN'],
  ['name', ' ', 'an answer is needed'],
  ['command', '', 'an answer is needed'],
  ['running', '127.0.0.1:8000', 'nothing, or as http://127.0.0.1:8000'],
  ['running', 'http://127.0.0.1:8000', true],
  ['window', 'hourly', 'first-request, clock or sliding'],
  ['window', 'clock', true],
  [
    'authentication',
    'jwt',
    'nothing, or one of bearer, api-key, basic, bearer-jwt-hs256, bearer-jwt-rs256, bearer-jwt-es256, login',
  ],
  ['keyPlace', '?key', true],
  ['session', 'sid', 'as "cookie session" or "token access_token"'],
  ['client', 'forwarded 2', true],
  ['client', 'ip', 'socket, key, user, "forwarded 1" or "header X-Tenant"'],
  ['ledgerKey', 'id', 'a text with ${unique} in it'],
] as const)('validates the answer to %s, "%s": %s', (name, text, said) => {
  expect(judgeAnswer(name, text)).toBe(said);
});

test('invalid answers are rejected together', async () => {
  const { answers } = await answered({ name: '', endpoint: 'chat' });
  expect(() => parseAnswers(answers)).toThrow(/an answer is needed[\s\S]*a method and a path/);
});

test('tokens of users and a ledger become part of the contract', async () => {
  const own = {
    authentication: 'bearer-jwt-hs256',
    keySetting: 'JWT_KEY',
    ledgerTable: 'events',
    ledgerColumn: 'event_key',
    ledgerKey: 'e-${unique}',
  };
  const contract = await contractOf({ ...own, noLimits: 'LIMITS=off' });
  expect(contract).toMatchObject({
    environment: { JWT_KEY: '${secret}' },
    authentication: { kind: 'bearer-jwt-hs256', keySetting: 'JWT_KEY' },
    endpoints: { main: { user: 'user-${unique}' } },
    ledger: { endpoint: 'main', table: 'events', column: 'event_key', key: 'e-${unique}', acknowledged: [200] },
  });
  expect(await loadScenario('chaos/termination', contract, 'fast')).not.toHaveProperty('skipped');
});

test('for a running service, only questions about its visible behavior are asked', async () => {
  const callers = { authentication: 'bearer-jwt-hs256', keySetting: 'JWT_KEY' };
  const own = { running: 'http://127.0.0.1:8000', ...callers, log: '/var/log/shop' };
  const { asked } = await answered(own);
  expect(asked).toEqual([
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
  const contract = await contractOf(own);
  expect(contract.start).toMatchObject({ running: { url: own.running, log: own.log }, readyPath: '/health' });
  expect(contract).toMatchObject({ environment: { JWT_KEY: '${env.JWT_KEY}' }, breakers: {}, conditions: {} });
  expect(await loadScenario('stress/rate-limits', contract, 'fast')).not.toHaveProperty('skipped');
});

const KEYS = { keySetting: 'API_KEYS' };

test.each([
  [{ authentication: 'bearer' }, { kind: 'bearer', ...KEYS }, '${keys}'],
  [{ authentication: 'api-key' }, { kind: 'api-key', header: 'X-Api-Key', ...KEYS }, '${keys}'],
  [{ authentication: 'api-key', keyPlace: '?key' }, { kind: 'api-key', query: 'key', ...KEYS }, '${keys}'],
  [{ authentication: 'basic' }, { kind: 'basic', ...KEYS }, '${users}'],
  [{ authentication: 'bearer-jwt-es256' }, { kind: 'bearer-jwt-es256' }, '${jwks}'],
  [{ authentication: 'login' }, { kind: 'login', endpoint: 'login', cookie: 'session', ...KEYS }, '${users}'],
  [
    { authentication: 'login', session: 'token a.b' },
    { kind: 'login', endpoint: 'login', token: 'a.b', ...KEYS },
    '${users}',
  ],
])('callers that authenticate as %j', async (own, authentication, value) => {
  const contract = await contractOf(own);
  expect(contract).toMatchObject({ authentication, environment: { API_KEYS: value } });
  expect(await loadScenario('stress/smoke', contract, 'fast')).toMatchObject({
    proof: { holds: expect.arrayContaining(['endpoints-ask-for-proof']) },
  });
});

test.each([
  ['key', 'key'],
  ['forwarded 2', { forwarded: { header: 'X-Forwarded-For', hop: 2 } }],
  ['header X-Tenant', { header: 'X-Tenant' }],
])('clients that are known by %s', async (answer, client) => {
  const contract = await contractOf({ authentication: 'bearer', client: answer });
  expect(contract.client).toEqual(client);
  expect(await loadScenario('stress/rate-limits', contract, 'fast')).not.toHaveProperty('skipped');
});
