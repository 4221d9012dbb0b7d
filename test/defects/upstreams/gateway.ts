import type { ContractFile } from '../../../harness/contract/contract.ts';

/** A gateway to an LLM API without breakers, limits and a database. It repeats failed calls. */
export default {
  name: 'gateway to an LLM API',
  start: {
    command: ['node', 'gateway-service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: {
    llm: {
      kind: 'groq',
      tls: false,
      basePath: '/openai/v1',
      calls: {
        attempts: 3,
        on: [429, '5xx', 'connection'],
        never: ['4xx', 'timeout'],
        retryAfter: 'capped',
        hints: ['retry-after-ms', 'x-should-retry'],
        backoff: { minSeconds: 0.2, maxSeconds: 0.3, jitter: true },
        budgetSeconds: 5,
      },
    },
  },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}' },
  endpoints: {
    ask: {
      method: 'POST',
      path: '/ask',
      served: [200],
      reaches: ['llm'],
      onFault: {
        400: 502,
        429: 503,
        503: 502,
        reset: 502,
        refuse: 502,
        'error-in-body': 502,
        'malformed-json': 502,
        'partial-json': 502,
        'html-page': 502,
        cut: 502,
        'split-chunks': 'served',
        hang: { answer: 504, withinSeconds: 1 },
        stall: { answer: 504, withinSeconds: 1 },
        drip: { answer: 504, withinSeconds: 1 },
        'keep-alives': { answer: 504, withinSeconds: 1 },
      },
    },
    stream: {
      method: 'POST',
      path: '/stream',
      served: [200],
      reaches: ['llm'],
      onFault: {
        503: 502,
        'cut-stream': 'error',
        'error-in-stream': 'error',
        'missing-done': 'error',
        'split-chunks': 'served',
        hang: { answer: 504, withinSeconds: 1 },
        stall: { answer: 'error', withinSeconds: 1 },
      },
      stream: { format: 'sse', firstEventSeconds: 1, stallSeconds: 1, end: '[DONE]' },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
} satisfies ContractFile;
