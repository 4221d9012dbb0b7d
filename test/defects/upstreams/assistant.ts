import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

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

export const defects = inProgram(
  'assistant-service.ts',
  each('chaos/leaving-callers', 'abandoned-calls-end', {
    'abandoned-calls-go-on': 'ends calls of callers who left: ask at llm',
    'abandoned-streams-go-on': 'ends calls of callers who left: chat at llm',
  }),
  each('chaos/leaving-callers', 'abandoned-calls-count-nothing', {
    'callers-who-left-counted': 'callers who left cost the next ones nothing: ask at llm',
    'slots-of-callers-who-left-lost': 'callers who left cost the next ones nothing: ask at llm',
  }),
  each('stress/specified-numbers', 'specified-timeouts', {
    'timeout-of-the-client-library': 'gives up as specified: llm, ask',
    'default-timeout-in-the-wrong-unit': 'gives up as specified: llm, ask',
    'default-timeout-not-a-number': 'gives up as specified: llm, ask',
  }),
  each('chaos/llm-isolation', 'untouched-never-wait', { 'frozen-when-it-opens': 'never frozen in an outage' }),
  each('chaos/leaving-callers', 'abandoned-trial-ends', {
    'abandoned-trial-holds-half-open': 'an abandoned trial does not keep it half-open: llm',
  }),
  each('chaos/streams', 'streams-tell-failure', {
    'failed-stream-ended-well': 'stream reports cut-stream: llm, chat',
    'failed-stream-completed': 'stream reports early-end: llm, chat',
    'error-in-a-stream-swallowed': 'stream reports error-in-stream: llm, chat',
  }),
  each('stress/smoke', 'streams-complete', { 'last-event-left-out': 'complete stream: chat' }),
  each('chaos/streams', 'streams-complete', { 'stream-of-another-type': 'complete stream: chat' }),
  each('chaos/streams', 'streams-bounded', {
    'keep-alives-prolong-the-timeout': 'ends in time: keep-alives of llm, chat',
    'first-event-timeout-ends-with-the-headers': 'ends in time: drip of llm, chat',
    'stalled-stream-waited-for': 'ends in time: stall of llm, chat',
  }),
  each('chaos/streams', 'streams-count-for-breaker', {
    'begun-streams-count-as-successes': 'counts streams that fail by cut-stream: llm, chat',
    'error-in-a-stream-passed-on': 'counts streams that fail by error-in-stream: llm, chat',
  }),
);
