import { withBody } from './body.ts';

/** Whether a response is a stream of server-sent events. */
export function isEventStream(response: Response): boolean {
  return /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
}

/** Whether an event is the `[DONE]` marker that ends a stream. The marker is not JSON. */
export const isDone = (event: string): boolean => /^data: ?\[DONE\]/m.test(event);

/**
 * Whether an event marks a stream as complete: `[DONE]`, Anthropic's `message_stop`, or OpenAI's `response.completed`
 * and `response.incomplete`.
 */
export const isLast = (event: string): boolean =>
  isDone(event) || /^event: ?(message_stop|response\.(completed|incomplete))\r?$/m.test(event);

/** Returns an event with an error. It has the name `error` if the events of its stream have names. */
export const errorEvent = (error: string, isNamed: boolean): string =>
  `${isNamed ? 'event: error\n' : ''}data: ${error}\n\n`;

export async function* firstEvents(events: AsyncIterable<string>, most: number): AsyncGenerator<string> {
  let sent = 0;
  for await (const event of events) {
    if (sent++ === most) return;
    yield event;
  }
}

/** Whether an event has a name. */
export const isNamed = (event: string): boolean => /^event:/m.test(event);

/** Returns a response whose events are transformed. Other responses are returned unchanged. */
export function withEvents(response: Response, change: (events: AsyncGenerator<string>) => AsyncIterable<string>) {
  if (!response.body || !isEventStream(response)) return response;
  return withBody(response, encoded(change(eventsOf(response.body))));
}

/**
 * Yields the events in a body, each including its blank line. Text after the last blank line also counts as an event.
 */
export async function* eventsOf(body: AsyncIterable<Uint8Array> | readonly Uint8Array[]): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split(/(?<=\r?\n\r?\n)/);
    text = events.pop() ?? '';
    if (/\r?\n\r?\n$/.test(text)) {
      events.push(text);
      text = '';
    }
    yield* events;
  }
  if (text !== '') yield text;
}

async function* encoded(events: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const event of events) yield encoder.encode(event);
}
