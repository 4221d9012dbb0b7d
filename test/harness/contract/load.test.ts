import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { numbersOf } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import reference from '../../../service/proofload.config.ts';
import { EXAMPLE, file, written, yaml } from './contract-files.ts';

test('reads the reference service\'s contract, whose profile "production" has the specification\'s numbers', async () => {
  const contract = await loadContract('service/proofload.config.ts');
  const { limits, breakers } = numbersOf(contract, 'production');
  expect(limits['conversation-end']).toMatchObject({ max: 100, windowSeconds: 60 });
  expect(limits['activities-suggest']).toMatchObject({ max: 60, windowSeconds: 60 });
  expect(limits.health).toMatchObject({ max: 300, windowSeconds: 60 });
  expect(breakers.llm).toEqual({ threshold: 5, recoverySeconds: 60, callTimeoutSeconds: 10 });
});

test('reads a contract from JSON', async () => {
  expect((await loadContract(await written(reference))).name).toBe(reference.name);
});

test('reports all problems of a contract at once, each with its location', async () => {
  const path = await written({ ...reference, start: { command: [], readyPath: 'health' }, colour: 'blue' });
  await expect(loadContract(path)).rejects.toMatchObject({
    code: 'CONTRACT_INVALID',
    exitCode: 2,
    message: expect.stringMatching(
      /start\.command[\s\S]*start\.readyPath[\s\S]*start\.readySeconds[\s\S]*colour|colour[\s\S]*start/,
    ),
  });
});

test('rejects names that are not defined in the contract, and lists those that are', async () => {
  const path = await written({ ...reference, pool: { ...reference.pool, endpoint: 'nowhere' } });
  await expect(loadContract(path)).rejects.toThrow(
    'pool.endpoint: there is no "nowhere"; allowed: conversation-end, activities-suggest, health, conversation-read',
  );
});

test("rejects a ledger whose endpoint doesn't exist, or whose key is the same for all events", async () => {
  const elsewhere = await written({ ...reference, ledger: { ...reference.ledger, endpoint: 'nowhere' } });
  await expect(loadContract(elsewhere)).rejects.toThrow('ledger.endpoint: there is no "nowhere"');
  const same = await written({ ...reference, ledger: { ...reference.ledger, key: 'one' } });
  await expect(loadContract(same)).rejects.toThrow('ledger.key');
});

test('rejects an unknown placeholder with its line and the escape', async () => {
  const path = await written({ ...reference, files: { 'nginx.conf': 'Host ${host}' } });
  await expect(loadContract(path)).rejects.toThrow(
    /contract.json:\d+: files.nginx.conf: \$\{host\} is unknown; allowed: \$\{port\}, .*; for the text \$\{, write \$\$\{/,
  );
});

test('rejects an unknown required scenario with its line and the nearest name', async () => {
  const path = await file('contract.yaml', `${EXAMPLE}\nrequires: [chaos, stress/rate-limit]\n`);
  await expect(loadContract(path)).rejects.toThrow(
    /contract\.yaml:\d+: requires\.1: there is no scenario "stress\/rate-limit"; did you mean stress\/rate-limits\?/,
  );
});

test("rejects a signing key that is not one of the service's settings", async () => {
  const path = await written({ ...reference, authentication: { kind: 'bearer-jwt-hs256', keySetting: 'JWT_KEY' } });
  await expect(loadContract(path)).rejects.toThrow('authentication.keySetting: there is no "JWT_KEY"; allowed: HOST');
});

test.each([
  ['breakers.llm.untouched', { breakers: { llm: { ...reference.breakers.llm, untouched: ['healthy'] } } }],
  ['cpu.endpoint', { cpu: { endpoint: 'healthy', metric: 'cpu' } }],
])('rejects an unknown endpoint in %s', async (path, change) => {
  const file = await written({ ...reference, ...change });
  await expect(loadContract(file)).rejects.toThrow(`${path}: there is no "healthy"; allowed: conversation-end`);
});

test.each([
  ['{ kind: hang }', '{ kind: hangs }', 'breakers.llm.failures.1: unknown fault kind "hangs"; allowed: '],
  ['{ kind: status, status: 500 }', '{ kind: status, code: 500 }', 'breakers.llm.failures.0: '],
  ['{ kind: split-chunks }', '{ kind: latency }', 'breakers.llm.harmless.1: '],
  ['reaches: [groq]', 'reaches: [grok]', 'endpoints.ask.reaches.0: there is no "grok"; allowed: groq'],
  ['upstream: groq', 'upstream: grok', 'breakers.llm.upstream: there is no "grok"; allowed: groq'],
  ['${upstream.groq}', '${upstream.grok}', 'environment.LLM_URL: there is no "grok"; allowed: groq'],
  ['  groq: {', '  "g/": {', 'upstreams.g/: a name has up to 64 letters (a-z, A-Z), digits, "_", "-" and "."'],
  ['  groq: {', '  database: {', "upstreams.database: database and all can't be names of upstreams"],
  ['kind: groq', 'kind: grok', 'upstreams.groq: kind: Invalid option: expected one of "groq"'],
  ['kind: groq', 'kind: mem0, models: [gpt]', 'upstreams.groq: the fake of mem0 has no models'],
  [
    'kind: groq',
    'kind: groq, settings: { quota: 1 }',
    'upstreams.groq: unknown field "quota" of settings of groq; allowed:',
  ],
  ['basePath: /openai/v1', 'basePath: /openai/', 'upstreams.groq.basePath: must be a path such as /v1'],
  ['kind: groq,', '', 'upstreams.groq: has no source; allowed: one of kind, handlers, '],
  [
    'kind: groq',
    'kind: groq, forward: http://127.0.0.1',
    'upstreams.groq: has kind and forward; allowed: one of kind,',
  ],
  ['kind: groq', 'forward: redis://127.0.0.1', 'upstreams.groq.forward: must be a URL such as http://127.0.0.1:9200'],
  ['kind: groq, basePath: /openai/v1', 'tcp: 127.0.0.1', 'upstreams.groq.tcp: must be a host and a port'],
  [
    'kind: groq, basePath: /openai/v1',
    'tcp: "127.0.0.1:6379"',
    'breakers.llm.failures.0: unknown fault kind "status"; allowed: ',
  ],
  ['kind: groq', 'kind: groq, colour: blue', 'upstreams.groq: Unrecognized key: "colour"'],
  ['kind: groq', 'handlers: ./absent.ts', /upstreams\.groq\.handlers: there is no file \/.*\/absent\.ts/],
  ['kind: groq', 'handlers: /srv/absent.ts', 'upstreams.groq.handlers: there is no file /srv/absent.ts'],
  ['kind: groq', 'openapi: crm.yaml', /upstreams\.groq\.openapi: there is no file \/.*\/crm\.yaml/],
  [
    'limiter:',
    'database: { schema: [absent.sql] }\nlimiter:',
    /:\d+: database\.schema: there is no file or folder \/.*\/absent\.sql/,
  ],
  ['limiter:', 'database: { fixtures: 3 }\nlimiter:', 'database.fixtures: expected a path, or a list of paths'],
  ['limiter:', 'database: { migrateSeconds: 3 }\nlimiter:', 'database: needs schema, migrate or fixtures'],
  ['limiter:', 'database: { migrate: [a, "${x}"] }\nlimiter:', 'database.migrate.1: ${x} is unknown; allowed: ${port}'],
  ['    endpoint: ask', '    endpoint: answers', 'breakers.llm.endpoint: "answers" does not reach groq'],
  [
    'reaches: [groq]',
    'reaches: [groq]\n    servedWithout: [mem0]',
    'endpoints.ask.servedWithout.0: it does not reach "mem0"',
  ],
  ['{ kind: hang }', '{ kind: hang, rate: 0.5 }', 'breakers.llm.failures.1: '],
  ['limiter:', 'health: healthy\nlimiter:', 'health: there is no "healthy"; allowed: ask, answers, health'],
])('rejects %s written as %s', async (from, to, problem) => {
  await expect(loadContract(await yaml(from, to))).rejects.toThrow(problem);
});

test('rejects the tables of a service that is already running', async () => {
  const start = { running: { url: 'http://127.0.0.1:1' }, readyPath: '/', readySeconds: 1 };
  const path = await written({
    name: 'shop',
    start,
    database: { migrate: ['true'] },
    endpoints: { health: { method: 'GET', path: '/', served: [200] } },
    profiles: { fast: {} },
  });
  await expect(loadContract(path)).rejects.toThrow('database: a running service has its own database; leave this out');
});

test('rejects a breaker whose endpoint reaches the upstream of another breaker first', async () => {
  const memory = { ...reference.breakers.memory, endpoint: 'conversation-end' };
  const path = await written({ ...reference, breakers: { ...reference.breakers, memory } });
  await expect(loadContract(path)).rejects.toThrow(
    'breakers.memory.endpoint: "conversation-end" reaches groq before mem0, which also has a breaker',
  );
});

test('rejects a kind that is not declared as an upstream with its line, and suggests the declaration', async () => {
  const path = await yaml('upstreams:\n  groq: { kind: groq, basePath: /openai/v1 }\n', '');
  const text = await readFile(path, 'utf8');
  const line = text.slice(0, text.indexOf('reaches: [groq]')).split('\n').length;
  await expect(loadContract(path)).rejects.toThrow(
    `contract.yaml:${line}: endpoints.ask.reaches.0: there is no "groq"; allowed: database; ` +
      'declare it: upstreams: { groq: { kind: groq } }',
  );
});

test.each([
  [[{ kind: 'refuse' }]],
  [[{ kind: 'hang' }, { kind: 'latency', milliseconds: 300_000 }, { kind: 'refuse' }]],
])('rejects a breaker without a failure that fails a call immediately: %j', async (failures) => {
  const llm = { ...reference.breakers.llm, failures };
  const path = await written({ ...reference, breakers: { ...reference.breakers, llm } });
  await expect(loadContract(path)).rejects.toThrow(
    /contract.json:\d+: breakers\.llm\.failures: none of these faults fails a call as soon as it arrives, .* for example \{ kind: status/,
  );
});

test.each([
  ['opened', 'opened'],
  ['closed', 'halfOpen'],
])('reports the line of a log that has "%s" for two breakers or transitions', async (first, second) => {
  const { llm, memory } = reference.breakers;
  const log = {
    ...memory.log,
    [first]: second === 'opened' ? llm.log.opened : [...memory.log[second as 'halfOpen'], 'more'],
  };
  const breakers = { llm, memory: { ...memory, log } };
  const path = await written({ ...reference, breakers });
  const said = await loadContract(path).catch(({ message }) => message);
  const place = second === 'opened' ? 'breakers.memory.log.opened' : 'breakers.memory.log.halfOpen';
  const line = (await readFile(path, 'utf8')).split('\n').findLastIndex((text) => text.includes(`"${second}"`)) + 1;
  expect(said).toContain(`✖ ${path}:${line}: ${place}: every line of breakers.`);
});

test('accepts half-open lines that name no breaker, and a log without half-open lines', async () => {
  const { llm, memory } = reference.breakers;
  const halfOpen = llm.log.halfOpen.slice(0, 1);
  const { halfOpen: _, ...without } = memory.log;
  const nameless = {
    ...reference,
    breakers: {
      llm: { ...llm, log: { ...llm.log, halfOpen } },
      memory: { ...memory, log: { ...memory.log, halfOpen } },
    },
  };
  await expect(loadContract(await written(nameless))).resolves.toHaveProperty('name');
  const absent = { ...reference, breakers: { llm, memory: { ...memory, log: without } } };
  await expect(loadContract(await written(absent))).resolves.toHaveProperty('name');
});

test.each([
  ['failures', { kind: 'mix', of: [{ kind: 'status', status: 500, weight: 1 }] }, 'list its members instead'],
  ['failures', { kind: 'split-chunks' }, '"split-chunks" does not fail a call; move it to harmless'],
  ['ignored', { kind: 'refuse' }, '"refuse" acts on the port'],
  ['harmless', { kind: 'certificate', certificate: 'expired' }, '"certificate" acts on the port'],
  ['harmless', { kind: 'broken' }, 'unknown fault kind "broken"'],
])('rejects in %s of a breaker: %j', async (list, fault, message) => {
  const llm = { ...reference.breakers.llm, [list]: [{ kind: 'reset' }, fault] };
  const path = await written({ ...reference, breakers: { ...reference.breakers, llm } });
  const refusal = await loadContract(path).catch((error) => error.message);
  expect(refusal).toContain(`breakers.llm.${list}.1: `);
  expect(refusal).toContain(message);
});

test("accepts upstreams before a breaker's own that have no breaker, and any upstreams of a running service", async () => {
  const declared = EXAMPLE.replace('upstreams:', 'upstreams:\n  mem0: { kind: mem0 }');
  const before = await loadContract(await file('before.yaml', declared.replace('[groq]', '[mem0, groq]')));
  expect(before.endpoints.ask?.reaches).toEqual(['mem0', 'groq']);
  const running = EXAMPLE.replace('reaches: [groq]', 'reaches: [openai]').replace(
    'command: [node, service.mjs]',
    'running: { url: http://127.0.0.1:8000 }',
  );
  expect((await loadContract(await file('running.yaml', running))).endpoints.ask?.reaches).toEqual(['openai']);
});

test('reads a contract from YAML, with defaults for missing fields', async () => {
  const contract = await loadContract('examples/ask-service/proofload.yaml');
  expect(contract).toMatchObject({ name: 'ask service', client: 'socket', limiter: { window: 'clock' } });
  expect(contract.breakers.llm?.retryAfter).toBe(false);
  expect(numbersOf(contract, 'fast').pool).toEqual({ max: 4, processes: 1, acquireTimeoutSeconds: 1 });
});

const lineOf = (text: string): number => EXAMPLE.slice(0, EXAMPLE.indexOf(text)).split('\n').length;

test.each([
  [
    'a value of the wrong kind',
    'readySeconds: 20',
    'readySeconds: soon',
    'start.readySeconds: Invalid input: expected number',
  ],
  [
    'a word that is not allowed',
    'window: clock',
    'window: hourly',
    'limiter.window: Invalid option: expected one of "first-request"',
  ],
  ['an unknown field', 'retryAfter: false', 'colour: blue', 'limiter: Unrecognized key: "colour"; allowed: window, '],
  [
    'a name that is not there',
    'endpoint: ask',
    'endpoint: asking',
    'breakers.llm.endpoint: there is no "asking"; allowed: ask, answers',
  ],
  [
    'connections that can not be the same number in each process',
    'max: 4, acquire',
    'max: 4, processes: 3, acquire',
    'profiles.fast.pool.max: is the total of all processes, so it must be a multiple of their number',
  ],
])('reports the line of %s', async (_, from, to, problem) => {
  const path = await yaml(from, to);
  await expect(loadContract(path)).rejects.toThrow(`✖ ${path}:${lineOf(from)}: ${problem}`);
});

test("a service starts in the contract's folder, or in the folder that the contract names from there", async () => {
  const own = await loadContract('examples/ask-service/proofload.yaml');
  expect(own.start.cwd).toBe(resolve('examples/ask-service'));
  const path = await yaml('readySeconds: 20', 'readySeconds: 20\n  cwd: ../shop');
  expect((await loadContract(path)).start.cwd).toBe(resolve(dirname(path), '../shop'));
});

test('says which value is missing', async () => {
  const path = await yaml('readySeconds: 20', '# readySeconds: 20');
  await expect(loadContract(path)).rejects.toThrow('start.readySeconds: missing; expected number');
});

test('reports the line of a YAML error', async () => {
  const path = await yaml('conditions:', 'conditions: {');
  await expect(loadContract(path)).rejects.toThrow(/can't be read: .* at line \d+/);
});

test("rejects numbers for a pool that the contract doesn't describe", async () => {
  const path = await yaml('pool: { table: answers, endpoint: answers, refusal: 503 }\n', '');
  await expect(loadContract(path)).rejects.toThrow('profiles.fast.pool: the contract does not describe the pool');
});

test('a missing contract has its own error', async () => {
  await expect(loadContract('nowhere.json')).rejects.toMatchObject({ code: 'CONTRACT_INVALID' });
});

test('rejects a profile that is not in the contract', async () => {
  const contract = await loadContract('service/proofload.config.ts');
  expect(() => numbersOf(contract, 'slow')).toThrow(
    'the contract has no profile "slow"; allowed: fast, changed, production',
  );
});
