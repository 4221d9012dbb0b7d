import { expect, test } from 'vitest';
import { type Contract, contractSchema } from '../../../harness/contract/contract.ts';
import { upstreamAddresses, withUpstreamAddresses } from '../../../harness/contract/upstream-addresses.ts';

const origins = { llm: 'https://127.0.0.1:1', cache: 'tcp://127.0.0.1:2' };

const contractWith = (parts: object): Contract =>
  contractSchema.parse({
    name: 'gateway',
    start: { command: ['serve'], readyPath: '/', readySeconds: 1 },
    upstreams: { llm: { kind: 'groq', basePath: '/openai/v1' }, cache: { tcp: '127.0.0.1:6379' } },
    endpoints: { ask: { method: 'POST', path: '/', served: [200], ...parts } },
    profiles: { fast: {} },
  });

test('an address has the base path of its declaration, and a TCP upstream has no scheme', () => {
  expect(upstreamAddresses(contractWith({}), origins)).toEqual({
    'upstream.llm': 'https://127.0.0.1:1/openai/v1',
    'upstream.llm.host': '127.0.0.1',
    'upstream.llm.port': '1',
    'upstream.cache': '127.0.0.1:2',
    'upstream.cache.host': '127.0.0.1',
    'upstream.cache.port': '2',
  });
});

test('an upstream that the service calls through the proxy has the address of the real API', () => {
  const { upstreams, ...contract } = contractWith({});
  const via = (fields: object) =>
    upstreamAddresses(
      { ...contract, upstreams: { ...upstreams, llm: { kind: 'groq', via: 'proxy', ...fields } } },
      origins,
    );
  expect(via({ basePath: '/openai/v1' })).toMatchObject({
    'upstream.llm': 'https://api.groq.com/openai/v1',
    'upstream.llm.host': 'api.groq.com',
    'upstream.llm.port': '443',
  });
  expect(via({ host: 'Groq.internal:8443' })).toMatchObject({ 'upstream.llm': 'https://groq.internal:8443' });
  expect(via({ tls: false })).toMatchObject({ 'upstream.llm.port': '80' });
});

test('requests that name an upstream get its address in all parts, and other placeholders remain', () => {
  const request = {
    path: '/fetch/${upstream.llm.host}',
    headers: { 'X-Host': '${upstream.llm}' },
    query: { url: '${upstream.llm}/models?id=${unique}' },
    body: { hosts: ['${upstream.cache}'] },
  };
  expect(withUpstreamAddresses(contractWith(request), origins).endpoints.ask).toMatchObject({
    path: '/fetch/127.0.0.1',
    headers: { 'X-Host': 'https://127.0.0.1:1/openai/v1' },
    query: { url: 'https://127.0.0.1:1/openai/v1/models?id=${unique}' },
    body: { hosts: ['127.0.0.1:2'] },
  });
});
