import { expect, test } from 'vitest';
import { asking, problemsWith, VALID } from './problems.ts';

const withLlm = (fields: object, reaches = ['llm']) => ({
  upstreams: { ...VALID.upstreams, llm: { kind: 'groq', ...fields } },
  ...asking({ reaches }),
});

test('accepts promises about an upstream that an endpoint reaches', async () => {
  expect(await problemsWith(withLlm({ concurrency: 4, queueSeconds: 2, callsPerConnection: 10 }))).toEqual([]);
  expect(await problemsWith(withLlm({}, []))).toEqual([]);
});

test.each<[string, object, string[]]>([
  [
    'promises about an upstream that no endpoint reaches',
    withLlm({ concurrency: 4, callsPerConnection: 10 }, ['cache']),
    [
      'upstreams.llm.concurrency: no endpoint reaches "llm"; list it in `reaches`',
      'upstreams.llm.callsPerConnection: no endpoint reaches "llm"; list it in `reaches`',
    ],
  ],
  [
    'a bounded queue in front of unlimited calls',
    withLlm({ queueSeconds: 2 }),
    ['upstreams.llm.queueSeconds: needs a number of concurrent calls; set `concurrency`'],
  ],
  [
    'a setting that the fake does not have',
    withLlm({ settings: { quota: 1 } }),
    [expect.stringMatching(/^upstreams\.llm: unknown field "quota" of settings of groq; allowed: /)],
  ],
  [
    'files that do not exist',
    { upstreams: { llm: { handlers: '/absent.ts' }, crm: { openapi: '/absent.yaml' } } },
    ['upstreams.llm.handlers: there is no file /absent.ts', 'upstreams.crm.openapi: there is no file /absent.yaml'],
  ],
])('rejects %s', async (_, changes, problems) => {
  expect(await problemsWith(changes)).toEqual(problems);
});

const TCP = { store: { tcp: '127.0.0.1:6379', calls: 'redis' } };
const storeIn = (store: string, changes: object = {}) => ({
  upstreams: { ...VALID.upstreams, ...TCP, llm: { kind: 'groq' } },
  limiter: { store },
  ...changes,
});

test.each<[string, object, string[]]>([
  ['a TCP upstream', storeIn('store'), []],
  ['a TCP upstream that an endpoint lists', storeIn('store', asking({ reaches: ['store'] })), []],
  ['an HTTP upstream that no endpoint reaches', storeIn('backup'), []],
  [
    'an HTTP upstream that an endpoint reaches',
    storeIn('llm', asking({ reaches: ['llm'] })),
    [
      'limiter.store: is an HTTP upstream that "ask" reaches, whose calls are counted; name the server in which limits are kept',
    ],
  ],
  ['an unknown upstream', storeIn('redis'), [expect.stringMatching(/^limiter\.store: there is no "redis"; allowed: /)]],
])('the store of the limiter may be one that is counted nowhere: %s', async (_, changes, problems) => {
  expect(await problemsWith(changes)).toEqual(problems);
});
