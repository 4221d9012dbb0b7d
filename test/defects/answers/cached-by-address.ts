import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import cachedRelay from './cached-relay.ts';

const { ask, health } = cachedRelay.endpoints;

/** The relay with a cache, behind a proxy that names the address of each caller. */
export default {
  ...cachedRelay,
  name: 'relay with a cache for each address',
  environment: { ...cachedRelay.environment, CALLER_HEADER: 'x-forwarded-for' },
  client: { forwarded: {} },
  endpoints: { ask, health },
} satisfies ContractFile;

export const defects = inProgram(
  'relay-service.ts',
  each('chaos/answers', 'cached-answers-apart', {
    'cache-without-the-address': 'no answer of another caller from the cache: ask',
  }),
);
