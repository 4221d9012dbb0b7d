import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { unusableConcurrency } from '../../../harness/contract/unusable-concurrency.ts';
import switchboard from '../../defects/upstreams/switchboard.ts';

const problemsWith = (llm: object, reaches = ['llm']) =>
  unusableConcurrency(
    contractSchema.parse({
      ...switchboard,
      upstreams: { llm: { kind: 'groq', ...llm }, cache: { tcp: '127.0.0.1:6379' } },
      endpoints: { ask: { ...switchboard.endpoints.ask, reaches } },
    }),
  ).map(({ path, message }) => `${path.join('.')}: ${message}`);

test('accepts promises about an upstream that an endpoint reaches', () => {
  expect(problemsWith({ concurrency: 4, queueSeconds: 2, callsPerConnection: 10 })).toEqual([]);
  expect(problemsWith({}, [])).toEqual([]);
});

test('rejects promises about an upstream that no endpoint reaches', () => {
  expect(problemsWith({ concurrency: 4, callsPerConnection: 10 }, ['cache'])).toEqual([
    'upstreams.llm.concurrency: no endpoint reaches "llm"; list it in `reaches`',
    'upstreams.llm.callsPerConnection: no endpoint reaches "llm"; list it in `reaches`',
  ]);
});

test('rejects a bounded queue in front of unlimited calls', () => {
  expect(problemsWith({ queueSeconds: 2 })).toEqual([
    'upstreams.llm.queueSeconds: needs a number of concurrent calls; set `concurrency`',
  ]);
});
