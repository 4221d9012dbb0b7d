import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

/** A service that calls another LLM if the first one fails. */
export default {
  name: 'router with a second LLM',
  start: {
    command: ['node', 'router-service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: {
    llm: { kind: 'groq', basePath: '/openai/v1', tls: false },
    backup: { kind: 'openai', basePath: '/v1', tls: false },
  },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', BACKUP_URL: '${upstream.backup}' },
  endpoints: {
    chat: {
      method: 'GET',
      path: '/chat',
      served: [200],
      reaches: ['llm'],
      fallback: {
        order: ['llm', 'backup'],
        on: [429, 503, 'hang', 'reset', 'malformed-json'],
        never: [422],
        told: { header: 'x-model' },
      },
      onFault: { 429: 'served', 422: 422, 'error-in-body': 'served' },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  breakers: {
    llm: {
      upstream: 'llm',
      endpoint: 'chat',
      refusal: 502,
      failures: [{ kind: 'status', status: 503 }, { kind: 'status', status: 429 }, { kind: 'hang' }, { kind: 'reset' }],
    },
  },
  profiles: { fast: { breakers: { llm: { threshold: 3, recoverySeconds: 1, callTimeoutSeconds: 0.5 } } } },
} satisfies ContractFile;

export const defects = inProgram(
  'router-service.ts',
  each('chaos/fallback', 'falls-back', {
    'broken-answer-ends-the-call': 'falls back after malformed-json: llm, chat',
    'fallback-only-after-a-status': 'falls back after reset: llm, chat',
    'bad-request-moved-on': 'does not fall back after 422: llm, chat',
    'answer-made-up-if-all-fail': 'falls back after status-429: llm, backup, chat',
    'no-timeout-of-the-second-model': 'falls back after hang: llm, backup, chat',
  }),
  each('chaos/fallback', 'fallback-told', {
    'asked-model-told': 'says who answered: chat',
    'no-model-told': 'says who answered: chat',
  }),
  each('chaos/fallback', 'fallback-returns', {
    'stays-with-the-second-model': 'returns to the first upstream after 429 at llm: chat',
    'both-models-called-at-once': 'returns to the first upstream after 503 at llm: chat',
    'returns-to-the-first-late': 'returns to the first upstream after a long outage: chat',
  }),
  each('chaos/fallback', 'fallback-breakers-apart', {
    'one-breaker-for-both-models': 'served during an outage of the first upstream: chat',
    'failures-behind-a-fallback-not-counted': 'opens behind the fallback: llm, chat',
    'every-call-is-a-trial-behind-the-fallback': 'admits its trials behind the fallback: llm, chat',
  }),
  each('chaos/fallback', 'fallback-reopens', {
    'failed-trial-forgotten-behind-the-fallback': 'reopens behind the fallback: llm, chat',
    'reopens-half-as-long-behind-the-fallback': 'reopens behind the fallback: llm, chat',
  }),
  each('chaos/fallback', 'fallback-spares-breaker', {
    'retired-model-counted': 'not counted by llm: 404-model_not_found, chat',
    'errors-of-callers-counted': 'not counted by llm: 400, chat',
  }),
);
