import { expect, test } from 'vitest';
import { upstreamSources } from '../../../harness/init/upstream-source.ts';

test('each source is recognized', () => {
  const entered =
    'groq pay=./mocks/pay.ts crm=crm.yaml search=http://127.0.0.1:9200/ cache=127.0.0.1:6379 v6=[::1]:6379';
  expect(upstreamSources.parse(entered)).toEqual({
    groq: { kind: 'groq' },
    pay: { handlers: './mocks/pay.ts' },
    crm: { openapi: 'crm.yaml' },
    search: { forward: 'http://127.0.0.1:9200' },
    cache: { tcp: '127.0.0.1:6379' },
    v6: { tcp: '[::1]:6379' },
  });
});

test.each([
  ['llm=groc', /^"groc" is not one of: groq, .*openai/],
  ['search=http://127.0.0.1:9200/v1', /^"http:\/\/127.0.0.1:9200\/v1" is not one of/],
  ['database=127.0.0.1:6379', "database and all can't be names of upstreams"],
  ['a/b=groq', /^a name has up to 64 letters/],
  ['__proto__=groq', /^a name .* is not __proto__$/],
  ['llm=groq llm=openai', 'each upstream needs a different name: NAME=SOURCE'],
])('"%s" is not valid', (entered, message) => {
  const { error } = upstreamSources.safeParse(entered);
  expect(error?.issues[0]?.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
});
