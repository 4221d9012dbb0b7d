import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import relay from './relay.ts';

const { ask, chat, health } = relay.endpoints;
const answers = {
  as: 'whole',
  cache: { perCaller: true, seconds: 1 },
} satisfies ContractFile['endpoints'][string]['answers'];

/** The relay with a cache of answers, which each caller has for itself. */
export default {
  ...relay,
  name: 'relay with a cache',
  environment: { ...relay.environment, CACHE_SECONDS: '1' },
  endpoints: { ask: { ...ask, answers }, chat: { ...chat, answers }, health },
} satisfies ContractFile;

export const defects = inProgram(
  'relay-service.ts',
  each('chaos/answers', 'cached-answers-apart', {
    'cache-without-the-caller': 'no answer of another caller from the cache: ask',
  }),
  each('chaos/answers', 'failures-not-cached', {
    'failure-cached': 'no failure from the cache: ask',
    'broken-stream-cached': 'no failure from the cache: chat',
  }),
  each('chaos/answers', 'cached-answers-end', {
    'entry-kept-too-long': 'no answer from the cache after its time: ask',
    'entry-prolonged-by-each-use': 'no answer from the cache after its time: ask',
  }),
);
