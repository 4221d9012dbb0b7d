import type { ContractFile } from '../../../harness/contract/contract.ts';

/** Returns the contract for the service in limited-service.ts with this limiter. */
export const contractOf = (counts: 'all' | 'served', window: 'first-request' | 'token-bucket'): ContractFile => ({
  name: `service with a limit: ${counts}, ${window}`,
  start: { command: ['node', 'test/defects/limits/limited-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: { llm: { kind: 'groq', basePath: '/openai/v1', tls: false } },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', TOKEN: '${secret}', COUNTS: counts, WINDOW: window },
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
  limiter: { counts, window },
  profiles: { fast: { limits: { ask: { max: 6, windowSeconds: 2 } } } },
});
