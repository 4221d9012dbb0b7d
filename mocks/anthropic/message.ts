import { TextAnswer } from '../../faults/upstream/text-answer.ts';
import type { Draft } from '../llm/draft.ts';

/** A message's content. */
export interface Content {
  readonly draft: Draft;
  readonly model: string;
  readonly promptTokens: number;
  /** The request ID without its prefix. */
  readonly id: string;
}

/** Returns a message in the API's format. */
export const messageOf = (
  { model, promptTokens, id }: Content,
  content: object[],
  end: object,
  outputTokens: number,
) => ({
  id: `msg_${id}`,
  type: 'message',
  role: 'assistant',
  model,
  content,
  ...end,
  usage: {
    input_tokens: promptTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    service_tier: 'standard',
  },
});

/** Returns why a message ended. */
export function endOf({ call, isCut, stoppedBy }: Draft) {
  const stop_reason = isCut ? 'max_tokens' : call ? 'tool_use' : stoppedBy === undefined ? 'end_turn' : 'stop_sequence';
  return { stop_reason, stop_sequence: stoppedBy ?? null };
}

export const textBlock = (text: string) => ({ type: 'text', text });

/** Creates a block with a tool call. */
export const toolBlock = (id: string, name: string, input: unknown) => ({
  type: 'tool_use',
  id: `toolu_${id.slice(0, 24)}`,
  name,
  input,
});

/** Returns a message as a single JSON object. A tool call that doesn't fit into the token limit has no input. */
export function wholeMessage(content: Content): TextAnswer {
  const { draft, id } = content;
  const { call, tokens, isCut } = draft;
  const block = call ? toolBlock(id, call.name, isCut ? {} : JSON.parse(call.arguments)) : textBlock(tokens.join(''));
  const message = messageOf(content, [block], endOf(draft), tokens.length);
  return new TextAnswer(200, 'application/json', JSON.stringify(message));
}
