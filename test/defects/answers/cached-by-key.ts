import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import cachedRelay from './cached-relay.ts';

const { ask, health } = cachedRelay.endpoints;

/** The relay with a cache, whose callers differ only in their keys. Limits count addresses. */
export default {
  ...cachedRelay,
  name: 'relay with a cache for each key',
  environment: { ...cachedRelay.environment, CALLER_HEADER: 'x-api-key', KEYS: '${keys}' },
  authentication: { kind: 'api-key', header: 'X-Api-Key', keySetting: 'KEYS' },
  client: 'socket',
  endpoints: { ask: { ...ask, authenticated: true }, health },
} satisfies ContractFile;

export const defects = inProgram(
  'relay-service.ts',
  each('chaos/answers', 'cached-answers-apart', {
    'cache-without-the-key': 'no answer of another caller from the cache: ask',
  }),
);
