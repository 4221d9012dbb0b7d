import { z } from 'zod';
import { type Contradiction, contradiction, ignoredFields } from '../../llm/parse-body.ts';
import { type Question, type Said, textOf } from '../../llm/question.ts';
import { countTokens } from '../../llm/tokens.ts';
import type { ChatDialect } from '../dialect/dialect.ts';

const text = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))], {
  error: 'value must be a string or an array of content parts',
});
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: text.nullable().optional(),
  tool_calls: z
    .array(
      z.looseObject({
        id: z.string(),
        function: z.looseObject({ name: z.string(), arguments: z.string() }).optional(),
      }),
    )
    .nullish(),
  tool_call_id: z.string().nullish(),
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

/** Returns the schema for chat completion requests. */
export const completionSchema = ({ ignored, tiers, maxChoices }: ChatDialect) =>
  z.strictObject({
    ...ignoredFields(ignored, z.unknown().optional()),
    model: z.string(),
    messages: z.array(message).min(1),
    stream: z.boolean().nullish(),
    n: z.int().min(1).max(maxChoices).nullish(),
    max_tokens: z.int().min(1).nullish(),
    max_completion_tokens: z.int().min(1).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    frequency_penalty: z.number().min(-2).max(2).nullish(),
    presence_penalty: z.number().min(-2).max(2).nullish(),
    reasoning_effort: z.unknown().optional(),
    response_format: z
      .looseObject({
        type: z.enum(['text', 'json_object', 'json_schema']),
        json_schema: z.looseObject({ name: z.string(), schema: z.record(z.string(), z.unknown()).nullish() }).nullish(),
      })
      .nullish(),
    service_tier: z.enum(tiers).nullish(),
    stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    tools: z.array(tool).max(128).nullish(),
    tool_choice: toolChoice.nullish(),
  });

/** The parts of a chat completion request that the fake uses. */
export type CompletionRequest = z.output<ReturnType<typeof completionSchema>>;

/** Returns the problem if a request's fields are valid but contradict each other. */
export function findContradiction(wanted: CompletionRequest): Contradiction | undefined {
  const { response_format, stream, stream_options, tool_choice } = wanted;
  if (response_format?.type === 'json_schema' && !response_format.json_schema) {
    return contradiction(['response_format'], "property 'json_schema' is missing");
  }
  if (stream_options && !stream) return contradiction(['stream_options'], "only allowed when 'stream' is true");
  if (!tool_choice || tool_choice === 'none' || tool_choice === 'auto') return undefined;
  const names = toolsOf(wanted).map(({ name }) => name);
  if (names.length === 0) return contradiction(['tool_choice'], "requires 'tools' with a function");
  if (tool_choice === 'required' || names.includes(tool_choice.function.name)) return undefined;
  return contradiction(['tool_choice'], `function '${tool_choice.function.name}' is not one of 'tools'`);
}

/** Converts a chat completion request to a provider-independent question. */
export function questionOf(wanted: CompletionRequest): Question {
  const { model, messages, tools, response_format: format, stop, tool_choice: choice } = wanted;
  const isSchema = format?.type === 'json_schema';
  return {
    prompt: [model, messages],
    promptTokens: countTokens(JSON.stringify([messages, tools ?? []])),
    format: isSchema
      ? { type: 'json_schema', schema: format.json_schema?.schema }
      : { type: format?.type === 'json_object' ? 'json_object' : 'text' },
    stop: [stop ?? []].flat(),
    tools: toolsOf(wanted),
    toolChoice: typeof choice === 'object' && choice !== null ? choice.function : (choice ?? 'auto'),
    parallelCalls: wanted.parallel_tool_calls ?? true,
    said: () => messages.flatMap(saidIn),
    maxTokens: wanted.max_completion_tokens ?? wanted.max_tokens ?? undefined,
  };
}

const toolsOf = ({ tools }: CompletionRequest) => (tools ?? []).flatMap((candidate) => candidate.function ?? []);

function saidIn({ role, content, tool_calls, tool_call_id }: z.output<typeof message>): Said[] {
  if (role === 'user') return [{ by: 'user', text: textOf(content ?? '') }];
  if (role === 'tool') return [{ by: 'tool', id: tool_call_id ?? '' }];
  if (role !== 'assistant') return [];
  const calls = (tool_calls ?? []).flatMap(({ id, function: call }) => (call ? [{ id, ...call }] : []));
  return [{ by: 'assistant' }, ...calls.map((call) => ({ by: 'assistant' as const, ...call }))];
}
