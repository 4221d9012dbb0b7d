import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

const body = { question: 'What is a proof load? ${unique}' };
type Upstream = NonNullable<ContractFile['upstreams']>[string];
const llm: Upstream = {
  kind: 'openai',
  basePath: '/v1',
  tls: false,
  calls: { attempts: 2, on: [500, 502, 503, 504, 'connection'], never: ['4xx'], budgetSeconds: 7 },
};
type Endpoint = ContractFile['endpoints'][string];
const called = {
  method: 'POST' as const,
  body,
  served: [200],
  reaches: ['llm'],
  fallback: { order: ['llm', 'backup'], on: [503, 'reset'], never: [400] },
} satisfies Omit<Endpoint, 'path'>;

/** A gateway that answers with the answers of LLMs, and keeps the last one of each caller. */
export default {
  name: 'relay of answers',
  start: { command: ['node', 'relay-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: { llm, backup: llm },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', BACKUP_URL: '${upstream.backup}' },
  client: { header: 'X-Tenant' },
  endpoints: {
    ask: { ...called, path: '/ask', answers: { as: 'whole' } },
    chat: {
      ...called,
      path: '/chat',
      stream: { format: 'sse', stallSeconds: 4, relaySeconds: 0.3, end: '[DONE]', error: 'event: error' },
      answers: { as: 'whole', lineEnds: ['crlf', 'cr'] },
      cancels: { withinSeconds: 0.5 },
    },
    tools: { ...called, path: '/tools', answers: { as: 'field' } },
    last: { method: 'GET', path: '/last', served: [200], answers: { from: ['llm', 'backup'], as: 'whole' } },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
} satisfies ContractFile;

const OWN = 'callers get answers to their own calls';
const ORDER = 'answers in order and once';
const WHOLE = 'answers reach their callers whole';
const ONE = 'one answer for each call';

export const defects = inProgram(
  'relay-service.ts',
  each('chaos/answers', 'own-answers', {
    'answers-in-a-shared-buffer': OWN,
    'answer-of-the-call-before': OWN,
    'stored-for-another-caller': OWN,
    'arguments-of-two-callers-mixed': OWN,
    'rest-of-an-abandoned-answer-kept': OWN,
  }),
  each('chaos/answers', 'words-in-order', { 'pieces-doubled-under-load': ORDER }),
  each('chaos/answers', 'answers-whole', {
    'piece-lost-at-a-chunk-border': WHOLE,
    'event-split-at-a-line-end': WHOLE,
    'line-end-guessed-in-each-chunk': WHOLE,
    'characters-cut-at-a-chunk-border': WHOLE,
    'first-piece-dropped-after-a-retry': WHOLE,
    'last-pieces-dropped-at-close': WHOLE,
    'order-changed-under-load': WHOLE,
  }),
  each('chaos/answers', 'one-answer', {
    'attempt-spliced-to-the-one-before': ONE,
    'usage-of-another-attempt': ONE,
    'answer-begun-again-after-it-broke-off': ONE,
    'another-answer-after-an-error': ONE,
  }),
  each('chaos/answers', 'pieces-read', {
    'lines-that-end-with-cr-not-read': 'reads answers whose lines end with CR: chat',
  }),
  each('chaos/answers', 'slow-readers-get-all', {
    'pieces-dropped-for-slow-readers': 'slow readers get all of a long stream: chat',
  }),
  each('chaos/answers', 'same-question-apart', { 'answer-to-the-same-question': 'same question, own answers: ask' }),
  each('chaos/streams', 'streams-relayed', { 'pieces-collected': 'pieces arrive while they are sent: llm, chat' }),
);
