import type { ContractFile } from '../../../harness/contract/contract.ts';

const breakers = { llm: { threshold: 5, recoverySeconds: 1, callTimeoutSeconds: 10 } };

/** A service that ends its call to an LLM if the caller leaves, and passes on streams. */
export default {
  name: 'assistant that stops when nobody listens',
  start: {
    command: ['node', 'assistant-service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: { llm: { kind: 'groq', basePath: '/openai/v1', tls: false } },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', LLM_API_KEY: 'gsk_assistant', LLM_TIMEOUT_MS: '10000' },
  endpoints: {
    ask: { method: 'GET', path: '/ask', served: [200], reaches: ['llm'], cancels: { withinSeconds: 1 } },
    chat: {
      method: 'GET',
      path: '/chat',
      served: [200],
      reaches: ['llm'],
      cancels: { withinSeconds: 0.5 },
      stream: { format: 'sse', firstEventSeconds: 1, stallSeconds: 2, end: '[DONE]' },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  breakers: {
    llm: {
      upstream: 'llm',
      endpoint: 'ask',
      refusal: 503,
      untouched: ['health'],
      failures: [{ kind: 'status', status: 500 }, { kind: 'reset' }],
    },
  },
  profiles: { fast: { breakers }, production: { breakers } },
} satisfies ContractFile;
