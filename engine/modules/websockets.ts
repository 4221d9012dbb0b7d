import { Blob } from 'node:buffer';
import type { WebSocket as Socket } from 'ws';
import { callable } from '../base/callable.ts';
import { GoError } from '../base/errors.ts';
import { goTypeOf } from '../base/go-type.ts';
import { type AnyFunction, callInSteps } from '../blocking/carried.ts';
import { runCallback } from '../vu/timers.ts';
import type { Vu } from '../vu/vu.ts';
import { closingOf, describeFailure } from '../ws/close-error.ts';
import { type Connection, connectWebSocket } from '../ws/connect-websocket.ts';
import { socketUrl } from '../ws/socket-url.ts';

const EVENTS = ['open', 'close', 'error', 'message', 'ping', 'pong'] as const;
type EventName = (typeof EVENTS)[number];

/** Values of `readyState`. k6 has no constants for them. */
const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];
/** Maximum length of a close reason, in bytes. */
const LONGEST_REASON = 123;

/** Implements `k6/websockets` and `k6/experimental/websockets`: the browser's WebSocket API plus pings. */
export function createWebSocketsModule(vu: Vu): object {
  class WebSocket {
    readonly url: string;
    readonly #connection: Connection;
    readonly #handlers = new Map<EventName, AnyFunction>();
    readonly #listeners = new Map<EventName, AnyFunction[]>();
    #readyState = CONNECTING;
    #binaryType = 'blob';
    #extensions: string[] = [];
    /** The number of bytes that are not sent yet. */
    #buffered = 0;
    /** The arguments of a `close()` call that was made before the connection opened. */
    #closing: { readonly code: number; readonly reason: string } | null = null;

    constructor(url: unknown, protocols?: string | string[] | null, params?: object | null) {
      if (vu.phase === 'init') throw new GoError('using websockets in the init context is not supported');
      this.url = socketUrl(url);
      this.#connection = connectWebSocket(vu, {
        module: 'k6/websockets',
        url: this.url,
        params,
        protocols: [protocols ?? []].flat(),
      });
      this.#listen(this.#connection.socket);
    }

    static {
      for (const event of EVENTS) {
        Object.defineProperty(WebSocket.prototype, `on${event}`, {
          get(this: WebSocket) {
            return this.#handlers.get(event) ?? null;
          },
          set(this: WebSocket, handler: unknown) {
            if (handler === null || handler === undefined) this.#handlers.delete(event);
            else if (typeof handler === 'function') this.#handlers.set(event, handler);
            else throw new GoError(`a value for 'on${event}' should be callable`);
          },
        });
      }
    }

    get readyState(): number {
      return this.#readyState;
    }

    get bufferedAmount(): number {
      return this.#buffered;
    }

    get protocol(): string {
      return this.#connection.socket.protocol;
    }

    get extensions(): string[] {
      return this.#extensions;
    }

    get binaryType(): string {
      return this.#binaryType;
    }

    set binaryType(type: string) {
      if (type !== 'blob' && type !== 'arraybuffer')
        throw new GoError(`unknown binaryType ${type}, the supported ones are "blob" and "arraybuffer"`);
      this.#binaryType = type;
    }

    addEventListener(event: EventName, listener: unknown): void {
      if (listener === null || listener === undefined)
        throw new GoError(`handler for event type ${JSON.stringify(event)} isn't a callable function`);
      if (typeof listener !== 'function') {
        throw new TypeError(`could not convert function call parameter 1: ${String(listener)} is no function`);
      }
      if (!EVENTS.includes(event)) {
        vu.test.logger.log('warning', `can't add event handler: unknown event type: ${String(event)}`);
        return;
      }
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    }

    send(data: unknown): void {
      this.#assertOpen();
      const isBytes = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
      if (data instanceof Blob) {
        this.#buffered += data.size;
        void data.arrayBuffer().then((bytes) => this.#write(bytes, bytes.byteLength));
      } else if (typeof data === 'string' || isBytes) {
        const size = typeof data === 'string' ? Buffer.byteLength(data) : (data as ArrayBuffer).byteLength;
        this.#buffered += size;
        this.#write(data as string, size);
      } else throw new GoError(`unsupported send type ${goTypeOf(data)}`);
      this.#connection.sample('wsMsgsSent', 1);
    }

    #write(data: string | ArrayBuffer, size: number): void {
      this.#connection.socket.send(data, () => {
        this.#buffered -= size;
      });
    }

    ping(): void {
      this.#assertOpen();
      this.#connection.ping();
      this.#connection.sample('wsMsgsSent', 1);
    }

    close(code = 1000, reason = ''): void {
      if (this.#readyState === CLOSED || this.#readyState === CLOSING) return;
      if (code !== 1000 && !(code >= 3000 && code <= 4999)) {
        const rule = 'The close code must be either 1000, or between 3000 and 4999';
        throw new GoError(`InvalidAccessError: Failed to execute 'close' on 'WebSocket': ${rule}. ${code} is neither`);
      }
      if (Buffer.byteLength(reason) > LONGEST_REASON) {
        const rule = `The message must not be greater than ${LONGEST_REASON} bytes`;
        throw new GoError(`SyntaxError: Failed to execute 'close' on 'WebSocket': ${rule}`);
      }
      this.#closing = { code, reason };
      if (this.#readyState === OPEN) this.#sendClose();
      this.#readyState = CLOSING;
    }

    #assertOpen(): void {
      if (this.#readyState !== OPEN) throw new GoError('InvalidStateError');
    }

    #sendClose(): void {
      const { code, reason } = this.#closing ?? {};
      this.#connection.socket.close(code, reason);
      this.#connection.sample('wsMsgsSent', 1);
    }

    #listen(socket: Socket): void {
      let failure: string | undefined;
      let wasOpen = false;
      socket.on('upgrade', ({ headers }) => {
        this.#extensions = [headers['sec-websocket-extensions'] ?? []].flat();
      });
      socket.on('open', () => {
        wasOpen = true;
        if (this.#readyState === CLOSING) return this.#sendClose();
        this.#readyState = OPEN;
        this.#emit('open', {});
      });
      socket.on('ping', () => this.#emit('ping', {}));
      socket.on('pong', () => this.#emit('pong', {}));
      socket.on('error', (error) => {
        failure = describeFailure(error);
      });
      socket.on('close', (code, given) => {
        this.#readyState = CLOSED;
        const isBroken = failure !== undefined;
        const closing = closingOf(code, given.toString());
        // Go distinguishes between a broken connection, for which it reports no error, and one that was closed without
        // a close frame.
        const error = wasOpen && isBroken ? undefined : (failure ?? closing.error);
        if (error !== undefined) this.#emit('error', { error });
        this.#emit('close', isBroken ? { reason: '' } : { code: closing.code, reason: closing.reason });
      });
      socket.on('message', (data: Buffer, isBinary) => {
        // A script that waits receives the message afterwards, unless it has closed the socket by then.
        vu.jobs.whenFree(() => this.#receive(data, isBinary));
      });
    }

    #receive(data: Buffer, isBinary: boolean): void {
      if (this.#readyState !== OPEN || this.#connection.isInterrupted) return;
      this.#connection.sample('wsMsgsReceived', 1);
      const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer;
      const binary = this.#binaryType === 'blob' ? new Blob([bytes]) : bytes;
      this.#emit('message', { data: isBinary ? binary : data.toString(), origin: this.url });
    }

    #emit(type: EventName, details: object): void {
      const event = { type, target: this, timestamp: Date.now(), ...details };
      for (const listener of [this.#handlers.get(type), ...(this.#listeners.get(type) ?? [])]) {
        if (!listener || this.#connection.isInterrupted) continue;
        runCallback(vu.loop, vu.jobs, () => callInSteps(listener, undefined, [event]));
      }
    }
  }
  return { WebSocket: callable(WebSocket), Blob: callable(Blob) };
}
