import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

const ask = {
  method: 'POST' as const,
  served: [200],
  reaches: ['llm'],
  body: { question: 'What is ${unique}?' },
};

/** A service that keeps the quota of its LLM: it refuses calls beyond it, and waits as it is told. */
export default {
  name: 'clerk with a quota',
  start: { command: ['node', 'quota-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: {
    llm: {
      kind: 'openai',
      basePath: '/v1',
      tls: false,
      quota: { requests: 10, tokens: 1_000, per: 2, beyond: 429 },
    },
  },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}' },
  endpoints: {
    ask: { ...ask, path: '/ask' },
    summarize: { ...ask, path: '/summarize' },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
} satisfies ContractFile;

const SCENARIO = 'chaos/quota';
const says = (text: string) => ({ says: text });

export const defects = inProgram(
  'quota-service.ts',
  each(SCENARIO, 'quota-kept', { 'nothing-limited': 'quota of requests: llm' }, says('Nothing limits the requests')),
  each(
    SCENARIO,
    'quota-kept',
    {
      'counted-after-the-call': 'quota of requests: llm',
      'quota-for-each-endpoint': 'quota of requests: llm',
    },
    says('Concurrent callers pass together'),
  ),
  // Whether a gap shows between two windows depends on when the calls begin.
  each(SCENARIO, 'quota-kept', { 'windows-at-fixed-times': 'quota of requests: llm' }),
  each(SCENARIO, 'quota-kept', { 'full-bucket': 'quota of requests: llm' }, says('comes back too early')),
  each(
    SCENARIO,
    'quota-kept',
    { 'answers-not-counted': 'quota of tokens: llm' },
    says('The tokens of answers do not count'),
  ),
  each(
    SCENARIO,
    'quota-kept',
    { 'tokens-counted-afterwards': 'quota of tokens: llm' },
    says('The tokens of calls in progress do not count'),
  ),
  each(
    SCENARIO,
    'beyond-quota-answered',
    { 'refused-with-500': 'calls beyond the quota of requests: llm' },
    says('becomes a 500'),
  ),
  each(
    SCENARIO,
    'told-waits-kept',
    { 'retry-after-of-quota-ignored': 'waits as told by Retry-After in seconds: llm' },
    says('ignores Retry-After in seconds of a 429'),
  ),
  each(
    SCENARIO,
    'told-waits-kept',
    { 'dates-not-read': 'waits as told by Retry-After as a date: llm' },
    says('does not obey Retry-After as a date, but Retry-After in seconds'),
  ),
  each(
    SCENARIO,
    'told-waits-kept',
    { 'remaining-not-read': 'waits as told by the rate-limit headers of requests: llm' },
    says('does not read the rate-limit headers of requests of an answer that was served'),
  ),
);
