import type { ContractFile } from '../../../harness/contract/contract.ts';

/** A service that calls another LLM if the first one fails. */
export default {
  name: 'router with a second LLM',
  start: {
    command: ['node', 'router-service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: {
    llm: { kind: 'groq', basePath: '/openai/v1', tls: false },
    backup: { kind: 'openai', basePath: '/v1', tls: false },
  },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', BACKUP_URL: '${upstream.backup}' },
  endpoints: {
    chat: {
      method: 'GET',
      path: '/chat',
      served: [200],
      reaches: ['llm'],
      fallback: {
        order: ['llm', 'backup'],
        on: [429, 503, 'hang', 'reset', 'malformed-json'],
        never: [422],
        told: { header: 'x-model' },
      },
      onFault: { 429: 'served', 422: 422, 'error-in-body': 'served' },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  breakers: {
    llm: {
      upstream: 'llm',
      endpoint: 'chat',
      refusal: 502,
      failures: [{ kind: 'status', status: 503 }, { kind: 'status', status: 429 }, { kind: 'hang' }, { kind: 'reset' }],
    },
  },
  profiles: { fast: { breakers: { llm: { threshold: 3, recoverySeconds: 1, callTimeoutSeconds: 0.5 } } } },
} satisfies ContractFile;
