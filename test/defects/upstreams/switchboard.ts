import type { ContractFile } from '../../../harness/contract/contract.ts';

/** A service that limits its concurrent calls to an LLM, and makes them over connections that it keeps. */
export default {
  name: 'switchboard with two lines',
  start: {
    command: ['node', 'switchboard-service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: {
    llm: {
      kind: 'groq',
      basePath: '/openai/v1',
      tls: false,
      concurrency: 2,
      queueSeconds: 1,
      callsPerConnection: 10,
    },
  },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}' },
  endpoints: {
    ask: { method: 'GET', path: '/ask', served: [200], reaches: ['llm'] },
    summarize: { method: 'GET', path: '/summarize', served: [200], reaches: ['llm'] },
    chat: {
      method: 'GET',
      path: '/chat',
      served: [200],
      reaches: ['llm'],
      stream: { format: 'sse', end: '[DONE]', unreadMegabytes: 48 },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
} satisfies ContractFile;
