import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import cachedRelay from './cached-relay.ts';

const { ask, health } = cachedRelay.endpoints;

/** The relay with a cache, whose callers differ only in the addresses of their connections. */
export default {
  ...cachedRelay,
  name: 'relay with a cache for each connected address',
  environment: { ...cachedRelay.environment, CALLER_HEADER: 'none' },
  client: 'socket',
  endpoints: { ask, health },
} satisfies ContractFile;

export const defects = inProgram(
  'relay-service.ts',
  each('chaos/answers', 'same-question-apart', {
    'cache-without-the-connected-address': 'same question, own answers: ask',
  }),
);
