import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { FakeLab } from './fake-lab.ts';

/** A raw client that records the received bytes, when they arrived, and how the connection ended. */
export class RawClient implements Disposable {
  readonly socket: TLSSocket;
  /** All text received so far. */
  received = '';
  /** The received chunks, each with the number of milliseconds since the connection was opened. */
  readonly pieces: { text: string; at: number }[] = [];
  /** Resolves with how the connection ended: `end` (a FIN), or an error code. */
  readonly ended: Promise<string>;

  constructor(socket: TLSSocket) {
    this.socket = socket;
    const began = performance.now();
    socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      this.received += text;
      this.pieces.push({ text, at: performance.now() - began });
    });
    this.ended = new Promise((resolve) => {
      socket.once('end', () => resolve('end'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.once('close', () => resolve('closed'));
    });
  }

  /** Connects to the Groq fake. The client can still write after the other side has ended. */
  static async connect(lab: FakeLab): Promise<RawClient> {
    const { port } = new URL(lab.fakes.upstreams.groq);
    const options = { port: Number(port), host: '127.0.0.1', ca: lab.fakes.ca, allowHalfOpen: true };
    const socket = connect(options);
    await once(socket, 'secureConnect');
    return new RawClient(socket);
  }

  /** Requests a completion, optionally streamed. */
  static async complete(lab: FakeLab, { stream = false } = {}): Promise<RawClient> {
    const client = await RawClient.connect(lab);
    const body = JSON.stringify({
      model: 'openai/gpt-oss-20b',
      stream,
      messages: [{ role: 'user', content: 'Good morning' }],
    });
    client.socket.write(headOf(body.length) + body);
    return client;
  }

  /** The body, with its chunks joined. */
  get body(): string {
    const [head = '', ...rest] = this.received.split('\r\n\r\n');
    const body = rest.join('\r\n\r\n');
    return /transfer-encoding: chunked/i.test(head) ? body.replace(/(^|\r\n)[0-9a-f]+\r\n/g, '').trimEnd() : body;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Returns the head of a completion request whose body has this length. */
export const headOf = (length: number): string =>
  [
    'POST /openai/v1/chat/completions HTTP/1.1',
    'host: api.groq.com',
    'authorization: Bearer gsk_test',
    'content-type: application/json',
    `content-length: ${length}`,
    '\r\n',
  ].join('\r\n');
