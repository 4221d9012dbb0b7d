import { expect, test } from 'vitest';
import { interview } from './interview.ts';

const BARE = { databaseSetting: 'none', limit: 'none' };

test('the base path is taken from the usual base URL, so that it is not doubled', async () => {
  const { contract } = await interview({
    ...BARE,
    upstreams: 'llm=groq',
    'llm.setting': 'LLM_URL=https://api.groq.com/openai/v1/',
  });
  expect(contract.upstreams).toEqual({ llm: { kind: 'groq', basePath: '/openai/v1' } });
  expect(contract.environment).toEqual({
    PORT: '${port}',
    LLM_URL: '${upstream.llm}',
    GROQ_API_KEY: 'example-key',
    NODE_EXTRA_CA_CERTS: '${ca}',
    SSL_CERT_FILE: '${ca}',
    REQUESTS_CA_BUNDLE: '${ca}',
  });
});

test.each([
  ['node', ['NODE_EXTRA_CA_CERTS']],
  ['python', ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE']],
  ['go', ['SSL_CERT_FILE']],
])('%s gets the CA in the variable that it reads', async (runtime, names) => {
  const { contract } = await interview({ ...BARE, runtime });
  expect(Object.entries(contract.environment).flatMap(([name, value]) => (value === '${ca}' ? [name] : []))).toEqual(
    names,
  );
});

test.each([
  ['groq', { GROQ_BASE_URL: '${upstream.groq}', GROQ_API_KEY: 'example-key' }, undefined],
  ['openai', { OPENAI_BASE_URL: '${upstream.openai}', OPENAI_API_KEY: 'example-key' }, '/v1'],
  ['mem0', { MEM0_BASE_URL: '${upstream.mem0}', MEM0_API_KEY: 'example-key' }, undefined],
  ['anthropic', { ANTHROPIC_BASE_URL: '${upstream.anthropic}', ANTHROPIC_API_KEY: 'example-key' }, undefined],
])('the usual settings of %s are suggested', async (kind, environment, basePath) => {
  const { contract } = await interview({ ...BARE, upstreams: kind });
  expect(contract.environment).toMatchObject(environment);
  expect(contract.upstreams[kind]).toEqual({ kind, ...(basePath && { basePath }) });
});

test('upstreams with handlers, an OpenAPI document, a real server and a TCP server', async () => {
  const own = {
    ...BARE,
    upstreams: 'pay-api=./mocks/pay.ts crm=crm.yaml search=http://127.0.0.1:9200 cache=127.0.0.1:6379',
    'crm.setting': 'CRM_URL=http://crm.internal/v2',
    'crm.key': 'CRM_KEY',
    'search.key': 'SEARCH_KEY',
    'cache.setting': 'REDIS_URL=redis://cache:6379/0',
    'cache.calls': 'none',
  };
  const { contract, questions } = await interview(own, ['mocks/pay.ts', 'crm.yaml']);
  expect(contract.upstreams).toEqual({
    'pay-api': { handlers: expect.stringMatching(/\/mocks\/pay\.ts$/) },
    crm: { openapi: expect.stringMatching(/\/crm\.yaml$/), basePath: '/v2', tls: false },
    search: { forward: 'http://127.0.0.1:9200', tls: false },
    cache: { tcp: '127.0.0.1:6379' },
  });
  expect(contract.environment).toMatchObject({
    PAY_API_URL: '${upstream.pay-api}',
    CRM_URL: '${upstream.crm}',
    CRM_KEY: 'example-key',
    SEARCH_URL: '${upstream.search}',
    SEARCH_KEY: '${env.SEARCH_KEY}',
    REDIS_URL: 'redis://${upstream.cache}/0',
  });
  expect(questions).not.toContain('cache.key');
});

test('an upstream whose host is fixed in the code is reached through the proxy', async () => {
  const { contract, questions } = await interview(
    {
      ...BARE,
      upstreams: 'groq crm=crm.yaml',
      'groq.setting': 'none',
      'crm.setting': 'none',
      'crm.host': 'crm.internal',
    },
    ['crm.yaml'],
  );
  expect(contract.upstreams).toEqual({
    groq: { kind: 'groq', via: 'proxy' },
    crm: { openapi: expect.stringMatching(/\/crm\.yaml$/), via: 'proxy', host: 'crm.internal' },
  });
  expect(contract.environment).toMatchObject({
    GROQ_API_KEY: 'example-key',
    HTTPS_PROXY: '${proxy}',
    HTTP_PROXY: '${proxy}',
    NO_PROXY: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: '${ca}',
  });
  expect(questions).not.toContain('groq.host');
});

test('if all upstreams are plain, no CA is passed', async () => {
  const { contract } = await interview({ ...BARE, upstreams: 'cache=127.0.0.1:6379' });
  expect(contract.environment).toEqual({ PORT: '${port}', CACHE_URL: 'redis://${upstream.cache}' });
});

test.each([['redis://user:secret@cache:6379'], ['https://api.example/v1?key=1']])(
  'a base URL with credentials or a query is refused: %s',
  async (url) => {
    await expect(interview({ ...BARE, 'llm.setting': `LLM_URL=${url}` })).rejects.toThrow(
      /USAGE|without credentials and query/,
    );
  },
);
