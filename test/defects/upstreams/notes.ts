import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

/** A service that stores the answer of an LLM API, and nothing if there is none. */
export default {
  name: 'notes with answers',
  start: { command: ['node', 'notes-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: { llm: { kind: 'groq', tls: false, basePath: '/openai/v1', calls: { never: ['timeout'] } } },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', DATABASE_URL: '${postgres}' },
  endpoints: {
    note: {
      method: 'POST',
      path: '/notes',
      body: { text: 'note-${unique}' },
      served: [201],
      reaches: ['llm'],
      storesNothing: [502, 504],
      onFault: { 503: 502, reset: 502, 'malformed-json': 502, hang: { answer: 504, withinSeconds: 1 } },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  ledger: { endpoint: 'note', table: 'notes', column: 'text', key: 'note-${unique}', acknowledged: [201] },
  profiles: { fast: {} },
} satisfies ContractFile;

export const defects = inProgram(
  'notes-service.ts',
  each(
    'chaos/fault-answers',
    'failed-calls-store-nothing',
    { 'row-written-before-the-call': 'failed calls store nothing: note' },
    { says: 'The row is written before the call to the upstream' },
  ),
  each('chaos/retry-amplification', 'failed-calls-store-nothing', {
    'row-kept-after-a-timeout': 'failed calls store nothing: note',
  }),
);
