import { z } from 'zod';
import { type Contradiction, contradiction, ignoredFields, type Problem } from '../llm/parse-body.ts';
import { type Question, type Said, textOf } from '../llm/question.ts';
import { countTokens } from '../llm/tokens.ts';

const MISSING = 'Field required';
const required = (input: unknown, otherwise: string): string => (input === undefined ? MISSING : otherwise);

const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  tool_use_id: z.string().optional(),
});
const content = z.union([z.string(), z.array(block)], {
  error: ({ input }) => required(input, 'Input should be a valid string or a list of blocks'),
});
const message = z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content });
// Tools of other types are accepted but never used.
const tool = z.looseObject({
  type: z.string().nullish(),
  name: z.string().min(1).max(128),
  input_schema: z.record(z.string(), z.unknown()).optional(),
});

const common = {
  ...ignoredFields(
    [
      'cache_control',
      'container',
      'context_management',
      'diagnostics',
      'inference_geo',
      'mcp_servers',
      'metadata',
      'service_tier',
      'speed',
      'thinking',
      'user_profile_id',
      'workspace_id',
    ],
    z.unknown().optional(),
  ),
  model: z.string().min(1),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(block)]).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.enum(['auto', 'any', 'none']), disable_parallel_tool_use: z.boolean().nullish() }),
      z.looseObject({
        type: z.literal('tool'),
        name: z.string(),
        disable_parallel_tool_use: z.boolean().nullish(),
      }),
    ])
    .nullish(),
  output_config: z
    .looseObject({
      format: z.looseObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .nullish(),
};

// API version 2026-10-21 removed these fields.
const sampling = {
  temperature: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
};

const ofMessage = {
  ...common,
  max_tokens: z.int().min(1),
  stop_sequences: z.array(z.string().regex(/\S/, 'each stop sequence must contain non-whitespace')).nullish(),
  stream: z.boolean().nullish(),
};

/** The schemas for token count requests, in the newest API version and in older ones. */
export const countSchemas = {
  newest: z.strictObject(common),
  older: z.strictObject({ ...common, ...sampling }),
};

/** The schemas for message requests, in the newest API version and in older ones. */
export const messageSchemas = {
  newest: z.strictObject(ofMessage),
  older: z.strictObject({ ...ofMessage, ...sampling }),
};

/** The parts of a token count request that the fake uses. */
export type CountRequest = z.output<typeof countSchemas.newest>;

/** The parts of a message request that the fake uses. */
export type MessageRequest = z.output<typeof messageSchemas.newest>;

/** Returns a block that the newest API version rejects, although older ones accept it. */
export function findRemovedBlock({ messages }: CountRequest): Contradiction | undefined {
  for (const [index, { role, content: blocks }] of messages.entries()) {
    for (const [number, { type, citations }] of typeof blocks === 'string' ? [] : blocks.entries()) {
      const path = ['messages', index, 'content', number];
      if (role === 'assistant' && type === 'document') {
        return contradiction(path, 'document blocks are not permitted in assistant messages');
      }
      if (role === 'user' && type === 'text' && Array.isArray(citations) && citations.length > 0) {
        return contradiction([...path, 'citations'], 'must be empty in user messages');
      }
    }
  }
  return undefined;
}

/** Returns the problem if a request's fields are valid but contradict each other. */
export function findContradiction({ tools, tool_choice: choice }: CountRequest): Contradiction | undefined {
  if (!choice || choice.type === 'auto' || choice.type === 'none') return undefined;
  if (!tools?.length) return contradiction(['tool_choice'], 'may only be specified while providing tools');
  if (choice.type === 'any' || tools.some(({ name }) => name === choice.name)) return undefined;
  return contradiction(['tool_choice'], `Tool '${choice.name}' not found in provided tools`);
}

/** Returns Anthropic's error message for an invalid request, such as `max_tokens: Field required`. */
export function describeProblem(problem: Problem): string {
  const path = problem.path.join('.');
  if (problem.code === 'unrecognized_keys') {
    return `${[path, problem.keys[0]].filter(Boolean).join('.')}: Extra inputs are not permitted`;
  }
  const isMissing = problem.code === 'invalid_type' && problem.input === undefined;
  return `${path}: ${isMissing ? MISSING : problem.message}`;
}

/** Returns the number of tokens in a request's prompt. */
export const promptTokensOf = ({ system = null, messages, tools }: CountRequest): number =>
  countTokens(JSON.stringify([system, messages, tools ?? []]));

/** Converts a message request to a provider-independent question. */
export function questionOf(wanted: MessageRequest): Question {
  const { model, system = null, messages, tools, tool_choice: choice, output_config, stop_sequences } = wanted;
  const format = output_config?.format;
  return {
    prompt: [model, system, messages],
    promptTokens: promptTokensOf(wanted),
    format: format ? { type: 'json_schema', schema: format.schema } : { type: 'text' },
    stop: stop_sequences ?? [],
    tools: (tools ?? []).map(({ name, input_schema }) => ({ name, parameters: input_schema })),
    toolChoice: toolChoiceOf(choice),
    parallelCalls: !choice?.disable_parallel_tool_use,
    said: () => messages.flatMap(saidIn),
    maxTokens: wanted.max_tokens,
  };
}

function toolChoiceOf(choice: MessageRequest['tool_choice']): Question['toolChoice'] {
  if (choice?.type === 'tool') return { name: choice.name };
  return choice?.type === 'any' ? 'required' : (choice?.type ?? 'auto');
}

function saidIn({ role, content }: z.output<typeof message>): Said[] {
  const blocks = typeof content === 'string' ? [] : content;
  if (role === 'assistant') {
    const calls = blocks.filter(({ type }) => type === 'tool_use');
    return [
      { by: 'assistant' },
      ...calls.map(({ id = '', name = '', input }) => ({ by: role, id, name, arguments: input })),
    ];
  }
  if (role !== 'user') return [];
  const results = blocks.filter(({ type }) => type === 'tool_result');
  const said = results.map(({ tool_use_id: id = '' }) => ({ by: 'tool' as const, id }));
  return results.length > 0 ? said : [{ by: 'user', text: textOf(content) }];
}
