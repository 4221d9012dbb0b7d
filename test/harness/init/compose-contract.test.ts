import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeContract } from '../../../harness/init/compose-contract.ts';
import { type FoundAnswers, sourceOf } from '../../../harness/init/found/source.ts';
import { Interview, Unanswered } from '../../../harness/init/interview.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { interview, NOTHING } from './interview.ts';

const BARE = { upstreams: 'none', databaseSetting: 'none', limit: 'none' };

/** Returns the contract that `--yes` writes if these answers were found. */
async function acceptedOf(found: Record<string, string>, lines: string[] = []) {
  const answers: FoundAnswers = Object.fromEntries(
    Object.entries(found).map(([name, answer]) => [name, { answer, from: 'app.js:1' }]),
  );
  const accepting = new Interview({
    source: sourceOf(answers),
    enter(question) {
      if (question.usual === '') throw new Unanswered(question);
      return question.usual;
    },
    tell: (text) => lines.push(text),
  });
  const contract = parse(await accepting.run((held) => composeContract(held, NOTHING)));
  lines.push(...accepting.leftOut);
  return contract;
}

const LEAST = { command: 'node server.js', readyPath: '/ready', endpoints: 'GET /items' };

test('what is found is accepted, and nothing else is promised', async () => {
  const contract = await acceptedOf(LEAST);
  expect(Object.keys(contract)).toEqual(['name', 'start', 'environment', 'endpoints', 'secrecy', 'profiles']);
  expect(contract.profiles).toEqual({ fast: {} });
});

test('a service that is built first has more time to start', async () => {
  const secondsOf = async (command: string) => (await acceptedOf({ ...LEAST, command })).start.readySeconds;
  expect(await secondsOf('sh -c "go build -o x . && exec ./x"')).toBe(90);
  expect(await secondsOf('./going')).toBe(20);
});

test('a secret key is set, but not promised to be strong', async () => {
  const contract = await acceptedOf({ ...LEAST, secretSetting: 'JWT_SECRET' });
  expect(contract.environment).toEqual({ PORT: '${port}', JWT_SECRET: '${secret}' });
  expect(contract).not.toHaveProperty('secret');
});

test('without a command, nothing is written', async () => {
  await expect(acceptedOf({ ...LEAST, command: '' })).rejects.toThrow(/nothing was found for .* --set command=/);
});

test('what nobody answers and every contract has is written as it usually is, and named', async () => {
  const lines: string[] = [];
  const contract = await acceptedOf({ command: 'node server.js' }, lines);
  expect(contract.start.readyPath).toBe('/health');
  expect(contract).toMatchObject({ endpoints: { main: { method: 'GET', path: '/health' } }, health: 'main' });
  expect(Object.keys(contract.endpoints)).toEqual(['main']);
  for (const name of ['readyPath', 'endpoints'])
    expect(lines.join('\n')).toMatch(
      new RegExp(`Not known, so "[^"]+" is written, to be corrected: .* --set ${name}=`),
    );
});

test('an endpoint has one name, also if it reads the table of the pool or calls an upstream', async () => {
  const { contract } = await interview(
    {
      endpoints: 'GET /items',
      upstreams: 'llm=groq mail=rates.mjs',
      reaches: 'none',
      'llm.endpoint': 'GET /items',
      'mail.setting': 'MAIL_URL=http://mail.example',
      'mail.endpoint': 'GET /items',
      readEndpoint: 'GET /items',
      'mail.opens': 'none',
    },
    ['rates.mjs'],
  );
  expect(Object.keys(contract.endpoints)).toEqual(['main', 'health']);
  expect(contract.endpoints.main?.reaches.toSorted()).toEqual(['llm', 'mail']);
  expect(contract.pool).toMatchObject({ endpoint: 'main' });
});

test('a pool that was found and that no endpoint reads is named as left out', async () => {
  const lines: string[] = [];
  const found = { ...LEAST, databaseSetting: 'DATABASE_URL', poolMax: '7', portSetting: 'PORT' };
  await acceptedOf(found, lines);
  expect(lines.at(-1)).toMatch(/^Connection pool: connections 7 \(app.js:1\): .*--set readEndpoint=/);
});

test('a limit that no contract can describe is left out by name', async () => {
  const lines: string[] = [];
  const stored = {
    databaseSetting: 'DATABASE_URL',
    ledgerTable: 'items',
    ledgerColumn: 'name',
    ledgerKey: '${unique}',
  };
  expect(await acceptedOf({ ...LEAST, ...stored })).toHaveProperty('ledger');
  const contract = await acceptedOf({ ...LEAST, ...stored, limitUnsaid: 'it blocks' }, lines);
  expect(contract).not.toHaveProperty('ledger');
  expect(lines).toContainEqual(
    expect.stringMatching(/^Rows that it stores: table items .*: the limit of its endpoint is/),
  );
  expect(lines).toContain('Left out: the rate limit of GET /items: it blocks.');
  expect(contract).not.toHaveProperty('limiter');
});

test('a body and upstreams of an endpoint that are not known are left out by name', async () => {
  const lines: string[] = [];
  const upstreams = { upstreams: 'groq', 'groq.setting': 'LLM_URL=https://api.groq.com', 'groq.key': 'LLM_KEY' };
  const contract = await acceptedOf({ ...LEAST, ...upstreams, endpoints: 'POST /chat' }, lines);
  expect(contract.endpoints.main).toEqual({ method: 'POST', path: '/chat', served: [200], reaches: [] });
  for (const name of ['body', 'reaches']) expect(lines.join('\n')).toContain(`--set ${name}=`);
});

test('an upstream and a way to authenticate without a setting are left out by name', async () => {
  const lines: string[] = [];
  const contract = await acceptedOf(
    { ...LEAST, upstreams: 'rates=rates.mjs', 'rates.setting': 'none', authentication: 'bearer' },
    lines,
  );
  expect(contract).not.toHaveProperty('upstreams');
  expect(contract).not.toHaveProperty('authentication');
  expect(lines.join('\n')).toContain('Left out: the upstream rates: nothing was found for "Which host');
  expect(lines.join('\n')).toContain('Left out: how requests authenticate: nothing was found for');
});

test('an answer that was found and can not be used is named', async () => {
  const lines: string[] = [];
  await acceptedOf({ ...LEAST, poolMax: 'many', portSetting: 'not a name' }, lines);
  expect(lines.join('\n')).toContain(
    'Not used: not a name (app.js:1): allowed is none, or the name of an environment variable',
  );
});

const GUARDED = {
  ...LEAST,
  runtime: 'go',
  upstreams: 'groq',
  reaches: 'groq',
  'groq.setting': 'LLM_URL=https://api.groq.com',
  'groq.key': 'LLM_KEY',
  'groq.opens': '4',
  'groq.recovery': '30',
  'groq.recoverySetting': 'RESET ms',
  'groq.timeout': '3',
  'groq.trials': '1',
  limit: '100 per 60 seconds',
  client: 'socket',
  maxSetting: 'LIMIT',
  windowSetting: 'WINDOW text',
};

test('short numbers are in the profile fast, with the settings that make them true, and the real ones in production', async () => {
  const contract = await acceptedOf({ ...GUARDED, 'groq.refusal': '503' });
  expect(contract.environment).toEqual({
    PORT: '${port}',
    LLM_URL: '${upstream.groq}',
    LLM_KEY: 'example-key',
    SSL_CERT_FILE: '${ca}',
  });
  expect(contract.conditions).toEqual({ 'no-rate-limits': { LIMIT: '1000000' } });
  expect(contract.profiles).toEqual({
    fast: {
      environment: { LIMIT: '10', WINDOW: '2s', RESET: '2000' },
      limits: { main: { max: 10, windowSeconds: 2 } },
      breakers: { groq: { threshold: 4, recoverySeconds: 2, callTimeoutSeconds: 3 } },
    },
    production: {
      limits: { main: { max: 100, windowSeconds: 60 } },
      breakers: { groq: { threshold: 4, recoverySeconds: 30, callTimeoutSeconds: 3 } },
    },
  });
});

test('a breaker of which a number is missing is left out, and named', async () => {
  const lines: string[] = [];
  const contract = await acceptedOf(GUARDED, lines);
  expect(contract).not.toHaveProperty('breakers');
  expect(lines.join('\n')).toMatch(/Left out: the breaker of groq: .* --set groq\.refusal=/);
});

test('a limit with hard-coded numbers keeps them', async () => {
  const { maxSetting: _, windowSetting: __, ...found } = GUARDED;
  const lines: string[] = [];
  const contract = await acceptedOf(found, lines);
  expect(contract.profiles.fast.limits).toEqual({ main: { max: 100, windowSeconds: 60 } });
  expect(contract).not.toHaveProperty('conditions');
  expect(lines.join('\n')).toMatch(/Most scenarios are skipped if no setting switches the limit off/);
});

test('the repeated calls of an SDK are described, and the breaker gets a failure that is not repeated', async () => {
  const contract = await acceptedOf({ ...GUARDED, 'groq.refusal': '503', 'groq.attempts': '3' });
  expect(contract.upstreams.groq.calls).toMatchObject({ attempts: 3, never: ['4xx', 'body'] });
  expect(contract.breakers.groq.failures).toContainEqual({ kind: 'malformed-json' });
});

test('a JVM gets a trust store with the certificate of the lab', async () => {
  const contract = await acceptedOf({
    ...GUARDED,
    runtime: 'java',
    command: 'java -jar app.jar',
    'groq.refusal': '503',
  });
  expect(contract.start.command).toEqual([
    'sh',
    '-c',
    expect.stringMatching(
      /^keytool -importcert .* -file "\$\{ca\}" .* && JAVA_TOOL_OPTIONS=".*trustStore=.*" exec java -jar app\.jar$/,
    ),
  ]);
  expect(contract.environment).not.toHaveProperty('SSL_CERT_FILE');
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
    secretRefused: 'yes',
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
  const { contract, parts, questions } = await interview({ ...BARE, endpoints: 'GET /items' });
  expect(questions).toEqual([
    'name',
    'command',
    'configFile',
    'portSetting',
    'databaseSetting',
    'secretSetting',
    'settings',
    'graceSeconds',
    'upstreams',
    'readyPath',
    'authentication',
    'endpoints',
    'served',
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

test.each([
  ['{"question": "hello ${unique}", "tag": 7}', 'question', 'hello ${unique}'],
  ['{"title": "t ${unique}", "messages": [{"body": "b ${unique}"}]}', 'body', 'b ${unique}'],
  ['{"title": "t ${unique}"}', 'another', 't ${unique}'],
])('the suggested key of a ledger is the text of the body %s for the column %s', async (body, ledgerColumn, key) => {
  const { contract } = await interview({ body, served: '200', ledgerTable: 'rows', ledgerColumn });
  expect(contract.ledger).toMatchObject({ column: ledgerColumn, key });
});

test('for a running service, only questions about its visible behavior are asked', async () => {
  const own = {
    command: 'http://127.0.0.1:8000',
    log: '/var/log/shop',
    authentication: 'bearer-jwt-hs256',
    keySetting: 'JWT_KEY',
  };
  const { contract, questions } = await interview(own);
  expect(questions).toEqual([
    'name',
    'command',
    'log',
    'readyPath',
    'authentication',
    'keySetting',
    'endpoints',
    'body',
    'served',
    'limit',
    'limitShares',
    'maxSetting',
    'windowSetting',
    'client',
    'window',
  ]);
  expect(contract.start).toMatchObject({ running: { url: own.command, log: own.log }, readyPath: '/health' });
  expect(contract).toMatchObject({ environment: { JWT_KEY: '${env.JWT_KEY}' }, breakers: {}, conditions: {} });
  expect(await loadScenario('stress/rate-limits', contract, 'fast')).not.toHaveProperty('skipped');
});
