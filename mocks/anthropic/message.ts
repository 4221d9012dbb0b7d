import { TextAnswer } from '../../faults/upstream/text-answer.ts';
import type { Draft } from '../llm/draft.ts';
import { splitTokens } from '../llm/tokens.ts';

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
export function endOf({ calls, isCut, stoppedBy }: Draft) {
  const stop_reason = isCut
    ? 'max_tokens'
    : calls.length > 0
      ? 'tool_use'
      : stoppedBy === undefined
        ? 'end_turn'
        : 'stop_sequence';
  return { stop_reason, stop_sequence: stoppedBy ?? null };
}

const textBlock = (text: string) => ({ type: 'text', text });

const toolBlock = (id: string, name: string, index: number, input: unknown) => ({
  type: 'tool_use',
  id: `toolu_${id.slice(0, 24)}${index > 0 ? `_${index}` : ''}`,
  name,
  input,
});

/** A block as it begins in a stream, and the parts in which the rest of it arrives. */
export interface StartedBlock {
  readonly started: object;
  readonly deltas: readonly object[];
}

/** Returns the blocks of a streamed message: a text, unless there are only tool calls, and the tool calls. */
export function startedBlocks({ draft: { text, calls }, id }: Content): StartedBlock[] {
  const deltas = text.map((token) => ({ type: 'text_delta', text: token }));
  return [
    ...(hasText(text, calls) ? [{ started: textBlock(''), deltas }] : []),
    ...calls.map((call, index) => ({
      started: toolBlock(id, call.name, index, {}),
      deltas: ['', ...splitTokens(call.arguments)].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    })),
  ];
}

const hasText = (text: Draft['text'], calls: Draft['calls']): boolean => text.length > 0 || calls.length === 0;

/** Returns a message as a single JSON object. A tool call that doesn't fit into the token limit has no input. */
export function wholeMessage(content: Content): TextAnswer {
  const { draft, id } = content;
  const { text, calls, tokens, isCut } = draft;
  const blocks = [
    ...(hasText(text, calls) ? [textBlock(text.join(''))] : []),
    ...calls.map((call, index) => {
      const isTruncated = isCut && index === calls.length - 1;
      return toolBlock(id, call.name, index, isTruncated ? {} : JSON.parse(call.arguments));
    }),
  ];
  const message = messageOf(content, blocks, endOf(draft), tokens.length);
  return new TextAnswer(200, 'application/json', JSON.stringify(message));
}
