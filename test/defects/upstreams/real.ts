import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import { startCounter, startSearch } from './real-servers.ts';

const [search, cache] = await Promise.all([startSearch(), startCounter()]);

/** A service whose upstreams are real servers. They run in the process that loads this contract. */
export default {
  name: 'service with real upstreams',
  start: {
    command: ['node', 'real-service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: {
    search: { forward: `http://${search.address}`, tls: false },
    cache: { tcp: cache.address },
  },
  environment: {
    PORT: '${port}',
    SEARCH_URL: '${upstream.search}',
    CACHE: '${upstream.cache}',
    DEFAULT_CACHE: cache.address,
  },
  endpoints: {
    find: { method: 'GET', path: '/find', served: [200], reaches: ['search'] },
    hits: { method: 'GET', path: '/hits', served: [200], reaches: ['cache'] },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
} satisfies ContractFile;

export const defects = inProgram(
  'real-service.ts',
  each('chaos/retry-amplification', 'upstream-attempts', {
    'search-sent-again': 'attempts at search: plain-500, find',
  }),
  each('stress/smoke', 'endpoints-reach-upstreams', { 'cache-address-in-the-code': 'connects to cache' }),
);
