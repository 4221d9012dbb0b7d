import type { IncomingMessage } from 'node:http';
import { Disconnect } from './faults/disconnect.ts';

/** A request that can't be handed to the handlers; `status` is what to answer. */
export class UnreadableRequest extends Error {
  readonly code = 'unreadable-request';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.name = 'UnreadableRequest';
    this.status = status;
  }
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Turns a request from the wire into a `Request`.
 *
 * @throws UnreadableRequest 400 for a target or method that no `Request` can have
 */
export function toRequest(incoming: IncomingMessage, body: Buffer<ArrayBuffer>): Request {
  const mayHaveBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] as string, incoming.rawHeaders[i + 1] as string);
  }
  try {
    // The host is not looked at: the handlers match any, and a client may say any.
    return new Request(`https://fake.invalid${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers,
      ...(body.byteLength > 0 && mayHaveBody ? { body } : {}),
    });
  } catch (error) {
    throw new UnreadableRequest(400, `${incoming.method} ${incoming.url} is no request: ${String(error)}`);
  }
}

/**
 * Reads the body of a request, at most 10 MiB, to its end.
 *
 * @throws UnreadableRequest 413 for a body above 10 MiB
 * @throws Disconnect `client-gone` when the client leaves before the body's end
 */
export function readBody(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    incoming.once('end', () => {
      if (bytes <= MAX_BODY_BYTES) resolve(Buffer.concat(chunks));
      else reject(new UnreadableRequest(413, `a body of ${bytes} bytes; allowed: at most ${MAX_BODY_BYTES}`));
    });
    const gone = (): void => {
      // A request closes after its end, too.
      if (!incoming.readableEnded) reject(new Disconnect('client-gone'));
    };
    incoming.once('close', gone);
    incoming.once('error', gone);
  });
}
