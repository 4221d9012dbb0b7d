/**
 * Returns a response that streams server-sent events. Each event must include its trailing blank line. It is sent as
 * one body chunk, and is created only when the client reads it.
 */
export function eventStream(events: Iterator<string>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = events.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } });
}

/** Returns an event whose name is also the `type` of its data. */
export const namedEvent = <Data extends { readonly type: string }>(data: Data): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
