import type { Dialect } from './dialect/dialect.ts';
import { openAiErrors, refuseOldLimit } from './errors.ts';
import { openAiModels } from './models.ts';

const TIERS = ['auto', 'default', 'flex', 'scale', 'priority'];

/** OpenAI's API. */
export const openAiDialect: Dialect = {
  basePath: '/v1',
  catalogue: openAiModels,
  errors: openAiErrors,
  rateLimits: {
    usualTier: 'default',
    flexFactor: 1,
    requestsHeader: 'rpm',
    refusalHeaders: (waitMs): Record<string, string> =>
      waitMs === undefined
        ? { 'x-should-retry': 'false' }
        : {
            'retry-after': String(Math.ceil(waitMs / 1000)),
            'retry-after-ms': String(Math.ceil(waitMs)),
            'x-should-retry': 'true',
          },
  },
  chat: {
    ignored: [
      'audio',
      'function_call',
      'functions',
      'logit_bias',
      'logprobs',
      'metadata',
      'modalities',
      'moderation',
      'prediction',
      'prompt_cache_key',
      'prompt_cache_options',
      'prompt_cache_retention',
      'safety_identifier',
      'seed',
      'store',
      'top_logprobs',
      'user',
      'verbosity',
      'web_search_options',
    ],
    tiers: TIERS,
    maxChoices: 128,
    splitsArguments: true,
    marksUsage: true,
    usage: (prompt_tokens, completion_tokens) => ({
      prompt_tokens,
      completion_tokens,
      total_tokens: prompt_tokens + completion_tokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    }),
    message: { refusal: null, annotations: [] },
    completion: () => ({}),
    chunk: ({ tier }) => ({ service_tier: tier }),
  },
  responses: {
    ignored: [
      'access_programs',
      'background',
      'context_management',
      'conversation',
      'image',
      'include',
      'max_tool_calls',
      'moderation',
      'prompt',
      'prompt_cache_key',
      'prompt_cache_options',
      'prompt_cache_retention',
      'safety_identifier',
      'top_logprobs',
      'truncation',
    ],
    tiers: TIERS,
    leastOutputTokens: 16,
    keepsResponses: true,
  },
  hasEmbeddings: true,
  headers: (id, processingMs) => ({
    'x-request-id': `req_${id}`,
    'openai-organization': 'proofload',
    'openai-processing-ms': String(Math.round(processingMs)),
    'openai-version': '2020-10-01',
  }),
  refuseOption: refuseOldLimit,
};
