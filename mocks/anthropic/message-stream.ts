import { eventStream, namedEvent } from '../llm/event-stream.ts';
import { splitTokens } from '../llm/tokens.ts';
import { type Content, endOf, messageOf, textBlock, toolBlock } from './message.ts';

/**
 * Returns a message as server-sent events: start events for the message and its block, a ping, a delta for each token,
 * and end events for the block and the message, including the usage.
 */
export const streamedMessage = (content: Content): Response => eventStream(eventsOf(content));

function* eventsOf(content: Content): Generator<string, undefined> {
  const { draft, id } = content;
  const { call, tokens } = draft;
  const message = messageOf(content, [], { stop_reason: null, stop_sequence: null }, 1);
  yield namedEvent({ type: 'message_start', message });
  const content_block = call ? toolBlock(id, call.name, {}) : textBlock('');
  yield namedEvent({ type: 'content_block_start', index: 0, content_block });
  yield namedEvent({ type: 'ping' });
  const deltas = call
    ? ['', ...splitTokens(call.arguments)].map((partial_json) => ({ type: 'input_json_delta', partial_json }))
    : tokens.map((text) => ({ type: 'text_delta', text }));
  for (const delta of deltas) yield namedEvent({ type: 'content_block_delta', index: 0, delta });
  yield namedEvent({ type: 'content_block_stop', index: 0 });
  const usage = { ...message.usage, output_tokens: tokens.length };
  yield namedEvent({ type: 'message_delta', delta: endOf(draft), usage });
  yield namedEvent({ type: 'message_stop' });
}
