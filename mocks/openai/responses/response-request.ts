import { z } from 'zod';
import { type Contradiction, contradiction, ignoredFields } from '../../llm/parse-body.ts';
import { type Format, type Question, type Said, textOf } from '../../llm/question.ts';
import { countTokens } from '../../llm/tokens.ts';
import type { ResponsesDialect } from '../dialect/dialect.ts';

const format = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['text', 'json_object']) }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z.string().min(1).max(64),
    schema: z.record(z.string(), z.unknown()),
  }),
]);
const item = z.looseObject({
  type: z.string().optional(),
  role: z.enum(['system', 'developer', 'user', 'assistant']).optional(),
  content: z.unknown().optional(),
  call_id: z.string().optional(),
  name: z.string().optional(),
  arguments: z.unknown().optional(),
});
// Tools other than functions are accepted but never used.
const tool = z.looseObject({
  type: z.string(),
  name: z.string().min(1).max(64).optional(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
});
const toolChoice = z.union(
  [z.enum(['none', 'auto', 'required']), z.looseObject({ type: z.string(), name: z.string().optional() })],
  { error: 'value must be none, auto, required or a tool' },
);

/** Returns the schema for requests to create a response. */
export const responseSchema = ({ ignored, tiers, leastOutputTokens, keepsResponses }: ResponsesDialect) =>
  z.strictObject({
    ...ignoredFields(ignored, z.unknown().optional()),
    model: z.string(),
    input: z.union([z.string(), z.array(item).min(1)], { error: 'value must be a string or an array of items' }),
    instructions: z.string().nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({}).nullish(),
    max_output_tokens: z.int().min(leastOutputTokens).nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    previous_response_id: (keepsResponses ? z.string() : z.never()).nullish(),
    reasoning: z.looseObject({ effort: z.unknown().optional() }).nullish(),
    service_tier: z.enum(tiers).nullish(),
    store: (keepsResponses ? z.boolean() : z.literal(false)).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    text: z.looseObject({ format: format.nullish() }).nullish(),
    tool_choice: toolChoice.nullish(),
    tools: z.array(tool).max(128).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    user: z.string().nullish(),
  });

/** The parts of a request to create a response that the fake uses. */
export type ResponseRequest = z.output<ReturnType<typeof responseSchema>>;

/** Returns the problem if a request's fields are valid but contradict each other. */
export function findContradiction(wanted: ResponseRequest): Contradiction | undefined {
  const { stream, stream_options, tool_choice: choice } = wanted;
  if (stream_options && !stream) return contradiction(['stream_options'], "only allowed when 'stream' is true");
  const functions = functionsOf(wanted);
  if (choice === 'required' && !wanted.tools?.length) return contradiction(['tool_choice'], "requires 'tools'");
  if (typeof choice !== 'object' || choice?.type !== 'function') return undefined;
  if (functions.some(({ name }) => name === choice.name)) return undefined;
  return contradiction(['tool_choice'], `function '${choice.name}' is not one of 'tools'`);
}

/** The number of tokens in the responses that a request continues, and what was said in them. */
interface Earlier {
  readonly tokens: number;
  readonly said: readonly Said[];
}

/** Converts a request to a provider-independent question. */
export function questionOf(wanted: ResponseRequest, earlier: Earlier | undefined): Question {
  const { model, input, instructions = null, tools, tool_choice: choice } = wanted;
  const isFunction = typeof choice === 'object' && choice?.type === 'function';
  return {
    prompt: [model, instructions, input],
    promptTokens: (earlier?.tokens ?? 0) + countTokens(JSON.stringify([instructions, input, tools ?? []])),
    format: (wanted.text?.format ?? { type: 'text' }) as Format,
    stop: [],
    tools: functionsOf(wanted),
    toolChoice: isFunction ? { name: choice.name ?? '' } : typeof choice === 'string' ? choice : 'auto',
    parallelCalls: wanted.parallel_tool_calls ?? true,
    said: () => [...(earlier?.said ?? []), ...saidIn(input)],
    maxTokens: wanted.max_output_tokens ?? undefined,
  };
}

const functionsOf = ({ tools }: ResponseRequest) =>
  (tools ?? []).flatMap(({ type, name, parameters }) => (type === 'function' && name ? { name, parameters } : []));

/** An item of a request's input or a response's output. */
interface Item {
  readonly type?: string | undefined;
  readonly role?: string | undefined;
  readonly content?: unknown;
  readonly call_id?: string | undefined;
  readonly name?: string | undefined;
  readonly arguments?: unknown;
}

/** Returns what was said in the input of a request or in the output of a response. */
export function saidIn(input: string | readonly Item[]): Said[] {
  if (typeof input === 'string') return [{ by: 'user', text: input }];
  return input.flatMap(({ type, role, content, call_id: id = '', name = '', arguments: given }): Said[] => {
    if (type === 'function_call') return [{ by: 'assistant', id, name, arguments: given }];
    if (type === 'function_call_output') return [{ by: 'tool', id }];
    if (role === 'user') return [{ by: 'user', text: textOf(content) }];
    return role === 'assistant' ? [{ by: 'assistant' }] : [];
  });
}
