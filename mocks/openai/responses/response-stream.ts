import { eventStream, namedEvent } from '../../llm/event-stream.ts';
import { splitTokens } from '../../llm/tokens.ts';
import {
  type Content,
  type callItem,
  finishedResponse,
  messageItem,
  startedResponse,
  textPart,
} from './response-object.ts';

/**
 * Returns a response as server-sent events: the response is created and in progress, its output items are added,
 * there is a delta for each token, everything is done, and the whole response is completed or incomplete.
 */
export function streamedResponse(content: Content): Response {
  return eventStream(numbered(eventsOf(content)));
}

type Event = { readonly type: string } & Record<string, unknown>;

function* numbered(events: Iterable<Event>): Generator<string, undefined> {
  let sequence_number = 0;
  for (const event of events) yield namedEvent({ ...event, sequence_number: sequence_number++ });
}

function* eventsOf(content: Content): Generator<Event> {
  const response = startedResponse(content);
  yield { type: 'response.created', response };
  yield { type: 'response.in_progress', response };
  const finished = finishedResponse(content);
  for (const [output_index, item] of finished.output.entries()) {
    yield* item.type === 'message'
      ? textEvents(content, output_index)
      : callEvents({ ...item, status: 'in_progress' }, output_index);
    yield { type: 'response.output_item.done', output_index, item };
  }
  yield { type: `response.${finished.status}`, response: finished };
}

function* textEvents({ draft, particulars }: Content, output_index: number): Generator<Event> {
  const item = messageItem(particulars, 'in_progress', []);
  yield { type: 'response.output_item.added', output_index, item };
  const at = { item_id: item.id, output_index, content_index: 0 };
  yield { type: 'response.content_part.added', ...at, part: textPart('') };
  for (const delta of draft.text) yield { type: 'response.output_text.delta', ...at, delta, logprobs: [] };
  const text = draft.text.join('');
  yield { type: 'response.output_text.done', ...at, text, logprobs: [] };
  yield { type: 'response.content_part.done', ...at, part: textPart(text) };
}

function* callEvents(item: ReturnType<typeof callItem>, output_index: number): Generator<Event> {
  yield { type: 'response.output_item.added', output_index, item: { ...item, arguments: '' } };
  const at = { item_id: item.id, output_index };
  const { arguments: whole, name } = item;
  for (const delta of splitTokens(whole)) yield { type: 'response.function_call_arguments.delta', ...at, delta };
  yield { type: 'response.function_call_arguments.done', ...at, name, arguments: whole };
}
