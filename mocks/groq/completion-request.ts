import { z } from 'zod';

const text = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))], {
  error: 'value must be a string or an array of content parts',
});
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: text.nullable().optional(),
});

// Known to Groq, accepted and not acted upon.
const ignored = [
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
  'parallel_tool_calls',
  'reasoning_effort',
  'reasoning_format',
  'search_settings',
  'seed',
  'service_tier',
  'stop',
  'store',
  'stream_options',
  'tool_choice',
  'tools',
  'top_logprobs',
  'user',
] as const;

const schema = z.strictObject({
  ...(Object.fromEntries(ignored.map((name) => [name, z.unknown().optional()])) as Record<
    (typeof ignored)[number],
    z.ZodOptional<z.ZodUnknown>
  >),
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  n: z.literal(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  response_format: z.looseObject({ type: z.enum(['text', 'json_object', 'json_schema']) }).nullish(),
});

/** The body of a chat completion request, as far as the fake acts on it. */
export type CompletionRequest = z.output<typeof schema>;

/** Reads a completion request; a string is what Groq's 400 says about one that breaks the rules. */
export function parseCompletionRequest(body: unknown): CompletionRequest | string {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (!issue) return 'invalid request';
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return `property '${[path, issue.keys[0]].filter(Boolean).join('.')}' is unsupported`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `'${path}' : property '${path}' is missing`;
  return path ? `'${path}' : ${issue.message}` : issue.message;
}
