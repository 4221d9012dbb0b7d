import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

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

export const defects = inProgram(
  'switchboard-service.ts',
  each('stress/concurrency', 'upstream-concurrency-reached', { 'one-call-at-a-time': 'enough calls at once: llm' }),
  each('stress/concurrency', 'slots-released', {
    'turn-kept-after-a-failure': 'enough calls at once after failures: llm',
  }),
  each('stress/concurrency', 'upstream-concurrency', {
    'limit-for-each-endpoint': 'not too many calls at once: llm',
    'calls-not-limited': 'not too many calls at once: llm',
    'turn-ends-with-the-headers': 'not too many calls at once: llm, streams',
    'turn-ends-with-the-first-event': 'not too many calls at once: llm, streams',
    'turn-passed-on-and-given-back': 'not too many calls at once: llm, after failures',
  }),
  each('chaos/streams', 'unread-streams-bounded', {
    'stream-written-without-waiting': 'memory of an unread stream: llm, chat',
    'stream-collected-before-it-is-passed-on': 'memory of an unread stream: llm, chat',
  }),
  each('stress/concurrency', 'queue-bounded', {
    'queue-without-timeout': 'waits for a turn are bounded: llm',
    'queue-given-up-late': 'waits for a turn are bounded: llm',
  }),
  each('stress/concurrency', 'connections-reused', {
    'client-made-anew-for-each-call': 'connections are reused: llm',
    'connections-not-kept': 'connections are reused: llm',
    'connection-given-up-after-3-calls': 'connections are reused: llm',
  }),
);
