import type { Draft } from '../../llm/draft.ts';
import type { FunctionCall } from '../../llm/question.ts';
import type { Particulars } from '../dialect/dialect.ts';
import type { ResponseRequest } from './response-request.ts';

/** An item in a response's output. */
export type OutputItem = ReturnType<typeof messageItem> | ReturnType<typeof callItem>;

/** A response in the API's format. */
export type ResponseObject = ReturnType<typeof finishedResponse>;

/** A response's content. */
export interface Content {
  readonly wanted: ResponseRequest;
  readonly draft: Draft;
  readonly promptTokens: number;
  readonly particulars: Particulars;
}

/** Returns a response that has no output yet. */
export const startedResponse = ({ wanted, particulars }: Content) => ({
  id: `resp_${particulars.id}`,
  object: 'response',
  created_at: particulars.created,
  status: 'in_progress',
  background: false,
  completed_at: null as number | null,
  error: null,
  incomplete_details: null as { reason: string } | null,
  instructions: wanted.instructions ?? null,
  max_output_tokens: wanted.max_output_tokens ?? null,
  max_tool_calls: null,
  model: particulars.model,
  output: [] as OutputItem[],
  parallel_tool_calls: wanted.parallel_tool_calls ?? true,
  previous_response_id: wanted.previous_response_id ?? null,
  prompt_cache_key: null,
  reasoning: { effort: wanted.reasoning?.effort ?? null, summary: null },
  safety_identifier: null,
  service_tier: particulars.tier,
  store: wanted.store ?? true,
  temperature: wanted.temperature ?? 1,
  text: { verbosity: 'medium', ...wanted.text, format: wanted.text?.format ?? { type: 'text' } },
  tool_choice: wanted.tool_choice ?? 'auto',
  tools: wanted.tools ?? [],
  top_logprobs: 0,
  top_p: wanted.top_p ?? 1,
  truncation: 'disabled',
  usage: null as ReturnType<typeof usageOf> | null,
  user: wanted.user ?? null,
  metadata: wanted.metadata ?? {},
});

/** Returns a response with its complete output. It is `incomplete` if it ended at the token limit. */
export function finishedResponse(content: Content) {
  const { draft, promptTokens, particulars } = content;
  return {
    ...startedResponse(content),
    status: draft.isCut ? 'incomplete' : 'completed',
    completed_at: draft.isCut ? null : particulars.created,
    incomplete_details: draft.isCut ? { reason: 'max_output_tokens' } : null,
    output: outputOf(content),
    usage: usageOf(promptTokens, draft.tokens.length),
  };
}

/** Returns a response's output: a message, unless there are only function calls, and the function calls. */
function outputOf({ draft, particulars }: Content): OutputItem[] {
  const items = [...messageTexts(draft), ...draft.calls];
  return items.map((item, index) => {
    const status = draft.isCut && index === items.length - 1 ? 'incomplete' : 'completed';
    return typeof item === 'string'
      ? messageItem(particulars, status, [textPart(item)])
      : callItem(particulars, status, item, index);
  });
}

/** Returns the text of a response's message. Empty if it has only function calls. */
const messageTexts = ({ text, calls }: Draft): string[] =>
  text.length > 0 || calls.length === 0 ? [text.join('')] : [];

/** Creates a part of a message. */
export const textPart = (text: string) => ({ type: 'output_text', annotations: [], logprobs: [], text });

export const messageItem = ({ id }: Particulars, status: string, content: ReturnType<typeof textPart>[]) => ({
  id: `msg_${id}`,
  type: 'message' as const,
  status,
  content,
  role: 'assistant',
});

/** Creates a function call. */
export const callItem = ({ id }: Particulars, status: string, call: FunctionCall, index: number) => ({
  id: `fc_${id}${suffix(index)}`,
  type: 'function_call' as const,
  status,
  arguments: call.arguments,
  call_id: `call_${id.slice(0, 9)}${suffix(index)}`,
  name: call.name,
});

/** Distinguishes the items of a response. */
const suffix = (index: number): string => (index > 0 ? `_${index}` : '');

const usageOf = (input_tokens: number, output_tokens: number) => ({
  input_tokens,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: input_tokens + output_tokens,
});
