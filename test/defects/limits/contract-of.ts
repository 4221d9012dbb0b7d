import type { ContractFile } from '../../../harness/contract/contract.ts';
import type { Kind } from './limiters.ts';

/** Returns the contract for the service in limited-service.ts with this limiter, which counts these requests. */
export const contractOf = (limiter: Kind, counts: 'all' | 'served'): ContractFile => ({
  name: `service with a limit: ${limiter}, ${counts}`,
  start: { command: ['node', 'limited-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: { llm: { kind: 'groq', basePath: '/openai/v1', tls: false } },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', TOKEN: '${secret}', COUNTS: counts, LIMITER: limiter },
  endpoints: {
    ask: {
      method: 'POST',
      path: '/ask',
      body: { question: 'hello' },
      authenticated: true,
      served: [200],
      reaches: ['llm'],
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  authentication: { kind: 'bearer', keySetting: 'TOKEN' },
  ...(WINDOWS[limiter] && { limiter: { counts, window: WINDOWS[limiter] } }),
  profiles: {
    fast:
      limiter === 'in-progress'
        ? { requestsInProgress: { ask: { max: 3 } } }
        : { limits: { ask: { max: 6, windowSeconds: 2, ...(limiter === 'together' && { clients: 'together' }) } } },
  },
});

/** The windows of the limiters that have some. */
const WINDOWS: Partial<Record<Kind, NonNullable<ContractFile['limiter']>['window']>> = {
  'first-request': 'first-request',
  weighted: 'weighted',
  together: 'first-request',
  'token-bucket': 'token-bucket',
};
