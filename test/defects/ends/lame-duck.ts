import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

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

export const defects = inProgram(
  'lame-duck-service.ts',
  each('chaos/termination', 'in-flight-at-end', {
    'requests-dropped-at-the-end': 'requests in progress at SIGTERM',
    'requests-failed-at-the-end': 'requests in progress at SIGTERM',
  }),
  each('chaos/termination', 'new-requests-refused', {
    'new-requests-served-to-the-end': 'refuses new requests after SIGTERM',
    'new-requests-left-unanswered': 'refuses new requests after SIGTERM',
  }),
  each('chaos/termination', 'streams-at-end', {
    'streams-cut-at-the-end': 'streams in progress at SIGTERM',
    'streams-just-ended-at-the-end': 'streams in progress at SIGTERM',
    'streams-completed-at-the-end': 'endless streams at SIGTERM',
  }),
  each('chaos/termination', 'not-ready-at-end', { 'ready-to-the-end': 'not ready after SIGTERM: ready' }),
  each('chaos/termination', 'ends-when-told-to', {
    'ends-with-another-code': 'exits on SIGTERM',
    'hanging-calls-waited-for': 'exits on SIGTERM during calls that hang',
  }),
);
