import { eventStream, namedEvent } from '../llm/event-stream.ts';
import { type Content, endOf, messageOf, startedBlocks } from './message.ts';

/**
 * Returns a message as server-sent events: a start event for the message, a start event, a delta for each token and an
 * end event for each block, a ping in the first block, and end events for the message, including the usage.
 */
export const streamedMessage = (content: Content): Response => eventStream(eventsOf(content));

function* eventsOf(content: Content): Generator<string, undefined> {
  const message = messageOf(content, [], { stop_reason: null, stop_sequence: null }, 1);
  yield namedEvent({ type: 'message_start', message });
  for (const [index, { started, deltas }] of startedBlocks(content).entries()) {
    yield namedEvent({ type: 'content_block_start', index, content_block: started });
    if (index === 0) yield namedEvent({ type: 'ping' });
    for (const delta of deltas) yield namedEvent({ type: 'content_block_delta', index, delta });
    yield namedEvent({ type: 'content_block_stop', index });
  }
  const usage = { ...message.usage, output_tokens: content.draft.tokens.length };
  yield namedEvent({ type: 'message_delta', delta: endOf(content.draft), usage });
  yield namedEvent({ type: 'message_stop' });
}
