import { z } from 'zod';

const text = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))], {
  error: 'value must be a string or an array of content parts',
});
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: text.nullable().optional(),
});

const tool = z.looseObject({
  type: z.string(),
  function: z
    .looseObject({
      name: z.string().min(1).max(64),
      parameters: z.record(z.string(), z.unknown()).nullish(),
    })
    .optional(),
});
const toolChoice = z.union(
  [z.enum(['none', 'auto', 'required']), z.looseObject({ function: z.looseObject({ name: z.string() }) })],
  { error: 'value must be none, auto, required or a function' },
);

// Fields that Groq supports and this fake ignores.
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
  'store',
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
  response_format: z
    .looseObject({
      type: z.enum(['text', 'json_object', 'json_schema']),
      json_schema: z.looseObject({ name: z.string(), schema: z.record(z.string(), z.unknown()).nullish() }).nullish(),
    })
    .nullish(),
  service_tier: z.enum(['auto', 'on_demand', 'flex', 'performance']).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z.array(tool).max(128).nullish(),
  tool_choice: toolChoice.nullish(),
});

/** The parts of a chat completion request that the fake uses. */
export type CompletionRequest = z.output<typeof schema>;

/** Parses a completion request. Returns the message of Groq's 400 response if the request is invalid. */
export function parseCompletionRequest(body: unknown): CompletionRequest | string {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return findContradiction(result.data) ?? result.data;
  const [issue] = result.error.issues;
  if (!issue) return 'invalid request';
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return `property '${[path, issue.keys[0]].filter(Boolean).join('.')}' is unsupported`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `'${path}' : property '${path}' is missing`;
  return path ? `'${path}' : ${issue.message}` : issue.message;
}

/** Returns the problem of a request whose fields are valid but contradict each other. */
function findContradiction({ response_format, stream, stream_options, tools, tool_choice }: CompletionRequest) {
  if (response_format?.type === 'json_schema' && !response_format.json_schema)
    return "'response_format' : property 'json_schema' is missing";
  if (stream_options && !stream) return "'stream_options' : only allowed when 'stream' is true";
  if (!tool_choice || tool_choice === 'none' || tool_choice === 'auto') return undefined;
  const names = (tools ?? []).flatMap((candidate) => candidate.function?.name ?? []);
  if (names.length === 0) return "'tool_choice' : requires 'tools' with a function";
  if (tool_choice === 'required' || names.includes(tool_choice.function.name)) return undefined;
  return `'tool_choice' : function '${tool_choice.function.name}' is not one of 'tools'`;
}
