import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

type Endpoint = ContractFile['endpoints'][string];

const called = {
  method: 'POST' as const,
  path: '/v1/chat/completions',
  headers: { authorization: 'Bearer sk-transparent' },
  served: [200],
  reaches: ['llm'],
  relays: ['llm'],
} satisfies Endpoint;
const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello ${unique}' }] };

/** A transparent proxy in front of an LLM API: callers get its answers as they are, also if they are broken. */
export default {
  name: 'transparent proxy',
  start: { command: ['node', 'transparent-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: { llm: { kind: 'openai', basePath: '/v1', tls: false } },
  environment: { PORT: '${port}', LLM_HOST: '${upstream.llm.host}', LLM_PORT: '${upstream.llm.port}' },
  endpoints: {
    ask: { ...called, body },
    chat: {
      ...called,
      body: { ...body, stream: true },
      stream: { format: 'sse', end: '[DONE]' },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
} satisfies ContractFile;

export const defects = inProgram(
  'transparent-service.ts',
  each('chaos/fault-answers', 'faults-answered', {
    'error-page-instead-of-the-answer': 'answer to 503: llm, ask',
    'body-written-again': 'answer to malformed-json: llm, ask',
    'broken-answer-ended-cleanly': 'answer to cut: llm, ask',
  }),
  each('chaos/streams', 'streams-tell-failure', { 'end-of-a-stream-made-up': 'stream reports early-end: llm, chat' }),
);
