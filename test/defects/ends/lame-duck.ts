import type { ContractFile } from '../../../harness/contract/contract.ts';

/** A service that answers everything with 503 for a second after SIGTERM, so that load balancers notice. */
export default {
  name: 'service that refuses everything before it ends',
  start: { command: ['node', 'lame-duck-service.ts'], readyPath: '/ready', readySeconds: 20 },
  upstreams: { llm: { kind: 'groq', basePath: '/openai/v1', tls: false } },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', LLM_API_KEY: 'gsk_lame_duck' },
  endpoints: {
    ask: { method: 'GET', path: '/ask', served: [200], reaches: ['llm'] },
    chat: { method: 'GET', path: '/chat', served: [200], reaches: ['llm'], stream: { format: 'sse', end: '[DONE]' } },
    ready: { method: 'GET', path: '/ready', served: [200] },
  },
  termination: { graceSeconds: 3, inFlight: 'refused-with-503', ready: 'ready', exitCode: 0 },
  profiles: { fast: {} },
} satisfies ContractFile;
