import type { Dialect } from '../openai/dialect/dialect.ts';
import { groqErrors, refuseEffort } from './errors.ts';
import { groqModels } from './models.ts';

const TIERS = ['auto', 'on_demand', 'flex', 'performance'];

/** Groq's API. Its flex tier has quotas that are ten times as high (see console.groq.com/docs/flex-processing). */
export const groqDialect: Dialect = {
  basePath: '/openai/v1',
  catalogue: groqModels,
  errors: groqErrors,
  rateLimits: {
    usualTier: 'on_demand',
    flexFactor: 10,
    // See console.groq.com/docs/rate-limits.
    requestsHeader: 'rpd',
    refusalHeaders: (waitMs): Record<string, string> =>
      waitMs === undefined ? {} : { 'retry-after': String(Math.ceil(waitMs / 1000)) },
  },
  chat: {
    ignored: [
      'citation_options',
      'compound_custom',
      'disable_tool_validation',
      'documents',
      'exclude_domains',
      'function_call',
      'functions',
      'include_domains',
      'include_reasoning',
      'logit_bias',
      'logprobs',
      'metadata',
      'reasoning_format',
      'search_settings',
      'seed',
      'store',
      'top_logprobs',
      'user',
    ],
    tiers: TIERS,
    maxChoices: 1,
    splitsArguments: false,
    marksUsage: false,
    usage: groqUsage,
    message: {},
    completion: ({ id }) => ({ x_groq: { id: `req_${id}` } }),
    chunk({ id }, { isFirst, usage }) {
      if (usage) return { x_groq: { id: `req_${id}`, usage } };
      return isFirst ? { x_groq: { id: `req_${id}` } } : {};
    },
  },
  // console.groq.com/docs/responses-api lists the OpenAI fields that Groq rejects.
  responses: { ignored: [], tiers: TIERS, leastOutputTokens: 1, keepsResponses: false },
  hasEmbeddings: false,
  headers: (id) => ({
    'x-request-id': `req_${id}`,
    'x-groq-region': 'lab',
    vary: 'Origin',
    'cache-control': 'private, max-age=0, no-store, no-cache, must-revalidate',
  }),
  refuseOption: refuseEffort,
};

/**
 * Returns the usage for a completion. Its times assume that the model reads 10,000 and writes 500 tokens per second.
 */
function groqUsage(prompt_tokens: number, completion_tokens: number) {
  const prompt_time = prompt_tokens / 10_000;
  const completion_time = completion_tokens / 500;
  return {
    queue_time: 0.01,
    prompt_tokens,
    prompt_time,
    completion_tokens,
    completion_time,
    total_tokens: prompt_tokens + completion_tokens,
    total_time: prompt_time + completion_time,
  };
}
