import { expect, test, vi } from 'vitest';
import { asksFor, launchOf } from '../../../../harness/lab/service/launch.ts';
import { facts } from '../../../support/history.ts';

const { contract, numbers } = facts();
const TLS = ['postgres.tls', 'postgres.ca'] as const;
const supplies = {
  port: 1234,
  postgres: 'postgresql://u:p@127.0.0.1:5432/d',
  upstreams: { groq: 'https://127.0.0.1:1', mem0: 'https://127.0.0.1:2' },
  ca: '/ca.pem',
  folder: '/tmp/of-this-process',
  secret: 'a key',
};

test("fills in the lab's values, and settings of the profile and the conditions override others", () => {
  const { environment } = launchOf(contract, numbers, ['no-rate-limits'], supplies);
  expect(environment).toMatchObject({
    PORT: '1234',
    DATABASE_URL: supplies.postgres,
    GROQ_BASE_URL: supplies.upstreams.groq,
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    DATABASE_POOL_MAX: '5',
    RATE_LIMIT_ENABLED: 'false',
    SECRET_KEY: 'a key',
  });
});

test('the address of an upstream has the host and base path of its declaration', () => {
  const upstreams = { groq: { kind: 'groq' as const, host: 'llm.localhost', basePath: '/openai/v1' } };
  const { environment } = launchOf({ ...contract, upstreams }, numbers, [], supplies);
  expect(environment.GROQ_BASE_URL).toBe('https://llm.localhost:1/openai/v1');
});

test('the address of a TCP upstream has no scheme, and its parts are available', () => {
  const environment = {
    CACHE: 'redis://${upstream.cache}/0',
    CACHE_HOST: '${upstream.cache.host}',
    CACHE_PORT: '${upstream.cache.port}',
  };
  const other = { ...contract, upstreams: { cache: { tcp: '127.0.0.1:6379' } }, environment };
  const launch = launchOf(other, numbers, [], { ...supplies, upstreams: { cache: 'tcp://127.0.0.1:3' } });
  expect(launch.environment).toMatchObject({
    CACHE: 'redis://127.0.0.1:3/0',
    CACHE_HOST: '127.0.0.1',
    CACHE_PORT: '3',
  });
});

test('the folder of the process can be its home', () => {
  const own = { ...contract, environment: { HOME: '${folder}', STATE: '${folder}/state' } };
  expect(launchOf(own, numbers, [], supplies).environment).toMatchObject({
    HOME: '/tmp/of-this-process',
    STATE: '/tmp/of-this-process/state',
  });
});

test('files contain the addresses of the lab and the resulting settings', () => {
  const own = {
    ...contract,
    environment: { FAILURES: '5', KEY: '${secret}' },
    conditions: { 'no-breakers': { FAILURES: '1000' } },
    files: { 'config.yaml': 'url: ${upstream.groq}\nfailures: ${setting.FAILURES}\nkey: "${setting.KEY}"\n' },
  };
  const filesOf = (conditions: string[], changes = {}) => launchOf(own, numbers, conditions, supplies, changes).files;
  expect(filesOf([])).toEqual({ 'config.yaml': 'url: https://127.0.0.1:1\nfailures: 5\nkey: "a key"\n' });
  expect(filesOf(['no-breakers'])['config.yaml']).toContain('failures: 1000');
  expect(filesOf([], { FAILURES: '7', KEY: null })['config.yaml']).toContain('failures: 7\nkey: ""');
});

test('changes take precedence over all settings, and null removes a setting', () => {
  const changes = { DATABASE_POOL_MAX: '1', SECRET_KEY: null };
  const { environment } = launchOf(contract, numbers, [], supplies, changes);
  expect(environment.DATABASE_POOL_MAX).toBe('1');
  expect(environment).not.toHaveProperty('SECRET_KEY');
});

test('fills in placeholders of the command', () => {
  const start = { ...contract.start, command: ['uvicorn', '--port', '${port}', '--cert=${ca}'] };
  expect(launchOf({ ...contract, start }, numbers, [], supplies).command).toEqual([
    'uvicorn',
    '--port',
    '1234',
    '--cert=/ca.pem',
  ]);
});

test('runs the command in the folder of the contract', () => {
  const start = { ...contract.start, cwd: '/srv/shop' };
  expect(launchOf({ ...contract, start }, numbers, [], supplies).cwd).toBe('/srv/shop');
});

test('a container gets the settings of the contract only, and the files of the lab', () => {
  const start = {
    ...contract.start,
    container: { image: 'shop:1' },
    command: [],
    workers: { jobs: ['work', '${port}'] },
  };
  const { environment, ...launch } = launchOf({ ...contract, start }, numbers, [], { ...supplies, folder: '/own' });
  expect(launch).toMatchObject({ command: [], workers: { jobs: ['work', '1234'] } });
  expect(launch.container).toEqual({ image: 'shop:1', mounts: ['/own', '/ca.pem'] });
  expect(environment).not.toHaveProperty('PATH');
  expect(environment).toMatchObject({ PORT: '1234' });
});

test('offers the database over TLS if a setting uses it', () => {
  expect(asksFor(TLS, contract, numbers, ['no-rate-limits'])).toBe(false);
  expect(asksFor(TLS, contract, numbers, ['verified-database'])).toBe(true);
  const start = { ...contract.start, command: ['serve', '--ca=${postgres.ca}'] };
  expect(asksFor(TLS, { ...contract, start }, numbers, [])).toBe(true);
  const postgresTls = { url: 'postgresql://u:p@127.0.0.1:6432/d', ca: '/runs/a+b/database-ca.pem' };
  const { environment } = launchOf(contract, numbers, ['verified-database'], { ...supplies, postgresTls });
  const url = new URL(environment.DATABASE_URL as string);
  expect(url.href).toContain(`${postgresTls.url}?`);
  expect(Object.fromEntries(url.searchParams)).toEqual({ sslmode: 'verify-full', sslrootcert: postgresTls.ca });
});

test('the parts of the database URL are available, decoded', () => {
  const environment = {
    URL: 'jdbc:postgresql://${postgres.host}:${postgres.port}/${postgres.database}',
    USER: '${postgres.user}',
    PASSWORD: '${postgres.password}',
  };
  const postgres = 'postgresql://shop:p%40ss@127.0.0.1:6432/orders';
  const { environment: filled } = launchOf({ ...contract, environment }, numbers, [], { ...supplies, postgres });
  expect(filled).toMatchObject({ URL: 'jdbc:postgresql://127.0.0.1:6432/orders', USER: 'shop', PASSWORD: 'p@ss' });
});

test("of the harness's environment, passes on only the variables that every program needs", () => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED_FOR_TEST = '0';
  const { environment } = launchOf(contract, numbers, [], supplies);
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED_FOR_TEST;
  expect(environment).not.toHaveProperty('NODE_TLS_REJECT_UNAUTHORIZED_FOR_TEST');
  expect(environment).toHaveProperty('PATH');
});

test('rejects an unknown condition', () => {
  expect(() => launchOf(contract, numbers, ['on-the-moon'], supplies)).toThrow(
    'the contract has no condition "on-the-moon"; allowed: no-rate-limits',
  );
});

test("uses a variable of the harness's environment if the contract names it", () => {
  vi.stubEnv('KEY_FOR_TEST', 'k');
  const other = { ...contract, environment: { SECRET_KEY: '${env.KEY_FOR_TEST}' } };
  expect(launchOf(other, numbers, [], supplies).environment).toMatchObject({ SECRET_KEY: 'k' });
  vi.stubEnv('KEY_FOR_TEST', undefined);
  expect(() => launchOf(other, numbers, [], supplies)).toThrow('${env.KEY_FOR_TEST}: KEY_FOR_TEST is not set');
});

test('an escaped placeholder is passed on as a text', () => {
  const start = { ...contract.start, command: ['sh', '-c', 'serve $${PORT:-${port}}'] };
  const own = { ...contract, start, environment: { A: '$${a}' }, files: { 'a.conf': 'Host $${host}: ${setting.A}' } };
  expect(launchOf(own, numbers, [], supplies)).toMatchObject({
    command: ['sh', '-c', 'serve ${PORT:-1234}'],
    environment: { A: '${a}' },
    files: { 'a.conf': 'Host ${host}: ${a}' },
  });
});

test('rejects an unknown placeholder', () => {
  const other = { ...contract, environment: { X: '${redis}' } };
  expect(() => launchOf(other, numbers, [], supplies)).toThrow('${redis} is unknown; allowed: ${port}, ');
});
