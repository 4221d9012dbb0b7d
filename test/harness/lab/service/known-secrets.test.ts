import { expect, test, vi } from 'vitest';
import { type ContractFile, contractSchema } from '../../../../harness/contract/contract.ts';
import { generatedKeys } from '../../../../harness/contract/credentials.ts';
import { knownSecrets } from '../../../../harness/lab/service/known-secrets.ts';
import reference from '../../../../service/proofload.config.ts';

const SECRET = 'f0'.repeat(32);
const FOLDER = '/tmp/proofload-service-a';

function known(
  environment: Record<string, string>,
  parts: Partial<ContractFile> = {},
  command: string[] = ['node', 'server.js'],
) {
  const { authentication: _, ...rest } = reference;
  const contract = contractSchema.parse({ ...rest, ...parts });
  return knownSecrets(contract, { command, environment, cwd: '/srv/shop/api' }, { secret: SECRET, folder: FOLDER });
}

const namesAndValues = (...given: Parameters<typeof known>) =>
  known(...given).secrets.map(({ name, forms }) => [name, forms[0]]);

test('secrets are settings whose names say so, passwords in URLs, and the key of the lab', () => {
  const environment = {
    LLM_API_KEY: 'gsk_4f8a1c2e',
    DATABASE_URL: 'postgres://shop:3d7e9a5b@127.0.0.1/shop',
    SIGNING: `hs256:${SECRET}`,
    REGION: 'eu-central-1',
    MODEL: 'llama-3.3-70b',
  };
  expect(namesAndValues(environment)).toEqual([
    ['LLM_API_KEY', 'gsk_4f8a1c2e'],
    ['DATABASE_URL', '3d7e9a5b'],
    ['SIGNING', SECRET],
  ]);
});

test('addresses, numbers, files and settings about secrets are none', () => {
  const environment = {
    TOKEN_URL: 'https://127.0.0.1:4000/token',
    AUTH_TOKEN: 'https://127.0.0.1:4000/token',
    AUTH_HEADER: 'X-Api-Key',
    KEY_PREFIX: 'shop:session:',
    PUBLIC_KEY: 'MCowBQYDK2VwAyEA',
    TOKEN_SECONDS_MAX_PASS: '86400000',
    TLS_KEY: process.execPath,
  };
  expect(known(environment)).toMatchObject({ secrets: [], unsearched: [] });
});

test('values that are too short, plain words or in the contract itself are not searched for', () => {
  const found = known({ PIN_PASS: '1a2b', APP_SECRET: 'development', STORE_KEY: 'conversation_events' });
  expect(found).toMatchObject({ secrets: [], unsearched: ['PIN_PASS', 'APP_SECRET'] });
});

test('keys of callers are searched for one by one, and generated ones by what they share', () => {
  const authentication = { kind: 'api-key', header: 'X-Api-Key', keySetting: 'KEYS', entries: 'key' } as const;
  const parts = { authentication, environment: { KEYS: '${keys}' } };
  const generated = generatedKeys('0123456789abcdef0123456789abcdef').keys;
  expect(namesAndValues({ KEYS: generated }, parts)).toEqual([['KEYS', '0123456789abcdef0123456789abcdef']]);
  expect(namesAndValues({ KEYS: 'a-key-4f8a, b-key-1c2e' }, parts)).toEqual([
    ['KEYS', 'a-key-4f8a'],
    ['KEYS', 'b-key-1c2e'],
  ]);
});

test('variables and fixed keys in requests are secrets as well', () => {
  vi.stubEnv('GATEWAY_KEY', 'gw-4f8a1c2e');
  vi.stubEnv('REGION', 'eu-central-1');
  const headers = {
    'X-Gateway': '${env.GATEWAY_KEY}',
    'X-Region': '${env.REGION}',
    'X-Api-Key': 'fixed-3d7e9a',
    Authorization: 'Bearer fixed-5b6c7d',
  };
  const endpoints = { ...reference.endpoints, ask: { method: 'GET' as const, path: '/ask', headers, served: [200] } };
  expect(namesAndValues({}, { endpoints })).toEqual([
    ['GATEWAY_KEY', 'gw-4f8a1c2e'],
    ['X-Api-Key', 'fixed-3d7e9a'],
    ['Authorization', 'fixed-5b6c7d'],
  ]);
});

test('the key of the lab is searched for if only a file contains it', () => {
  expect(namesAndValues({}, { files: { 'app.yaml': 'key: ${secret}' } })).toEqual([['secret', SECRET]]);
});

test('a secret is searched for in all encodings, and a key with several lines by each of its own lines', () => {
  const [first] = known({ LLM_API_KEY: 'sk/4f8a"1c' }).secrets;
  expect(first?.forms).toEqual(expect.arrayContaining(['sk/4f8a"1c', 'sk/4f8a\\"1c', 'sk%2F4f8a%221c']));
  const line = 'MC4CAQAwBQYDK2VwBCIEIDFk';
  const [second] = known({ SIGNING_KEY: `-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----` }).secrets;
  expect(second?.forms).toContain(line);
  expect(second?.forms.some((form) => form.includes('BEGIN'))).toBe(false);
});

test('folders are those of the process and its program, except short ones and those of the system', () => {
  const { folders } = known({ HOME: '/root' }, {}, ['/usr/bin/env', process.execPath]);
  expect(folders).toContain(FOLDER);
  expect(folders).toContain('/srv/shop/api');
  expect(folders).not.toContain('/root');
  expect(folders).not.toContain('/usr/bin');
});
