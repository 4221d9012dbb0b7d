import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { isEventStream } from '../kinds/lib/server-sent-events.ts';
import { type Answer, TextAnswer } from '../upstream/text-answer.ts';

/**
 * Writes a response with backpressure, waits until the operating system has received it or the client has disconnected,
 * and then stops the body's source. An empty chunk sends only the head. Text is written together with the head.
 *
 * @param sent Called with each chunk of a body that is no text before it is written, and whether it is an event stream.
 * @throws The error from the body stream, for example a fault's `Disconnect`
 */
export async function deliver(
  response: Answer,
  outgoing: ServerResponse,
  sent?: (chunk: Uint8Array, isStream: boolean) => void,
): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response instanceof TextAnswer) {
    outgoing.end(response.text);
    if (!outgoing.writableFinished) await eventOrClose(outgoing, 'finish');
    return;
  }
  // The head of a stream must not wait for the first event.
  const isStream = isEventStream(response);
  if (isStream) outgoing.flushHeaders();
  if (response.body) await writeChunks(response.body, outgoing, (chunk) => sent?.(chunk, isStream));
  outgoing.end();
  if (!outgoing.writableFinished) await eventOrClose(outgoing, 'finish');
}

/** Waits until everything written so far, including at least the head, has been handed to the operating system. */
export async function flush(outgoing: ServerResponse): Promise<void> {
  const { socket } = outgoing;
  if (!socket || socket.destroyed) return;
  outgoing.flushHeaders();
  await new Promise<void>((resolve) => socket.write('', () => resolve()));
}

async function writeChunks(
  body: ReadableStream<Uint8Array>,
  outgoing: ServerResponse,
  sent: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = body.getReader();
  const stop = async (): Promise<void> => {
    // If a fault is waiting for the client to disconnect, it determines the outcome.
    await setImmediate();
    await reader.cancel().catch(() => undefined);
  };
  outgoing.once('close', stop);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (outgoing.destroyed) return await stop();
      sent(next.value);
      if (next.value.byteLength === 0) outgoing.flushHeaders();
      else if (!outgoing.write(next.value)) await eventOrClose(outgoing, 'drain');
    }
  } finally {
    outgoing.off('close', stop);
  }
}

function eventOrClose(outgoing: ServerResponse, event: 'drain' | 'finish'): Promise<void> {
  return new Promise((resolve) => {
    if (outgoing.destroyed) resolve();
    const done = (): void => {
      outgoing.off(event, done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.on(event, done);
    outgoing.on('close', done);
  });
}
