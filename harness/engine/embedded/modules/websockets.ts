import { Blob } from 'node:buffer';
import type { WebSocket as Socket } from 'ws';
import type { AnyFunction } from '../blocking/carried.ts';
import { GoError } from '../errors.ts';
import { runCallback } from '../vu/timers.ts';
import type { Vu } from '../vu/vu.ts';
import { type Connection, connectWebSocket } from '../ws/connect-websocket.ts';
import type { ModuleExports } from './module-table.ts';

const EVENTS = ['open', 'close', 'error', 'message', 'ping', 'pong'] as const;
type EventName = (typeof EVENTS)[number];

/** `k6/websockets` and `k6/experimental/websockets`: the WebSocket of browsers, with pings. */
export function createWebSocketsModule(vu: Vu): ModuleExports {
  class WebSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSING = 2;
    readonly CLOSED = 3;
    readonly url: string;
    readonly #connection: Connection;
    readonly #listeners = new Map<EventName, AnyFunction[]>();
    #binaryType = 'blob';
    onopen: unknown = null;
    onclose: unknown = null;
    onerror: unknown = null;
    onmessage: unknown = null;
    onping: unknown = null;
    onpong: unknown = null;

    constructor(url: unknown, protocols?: string | string[] | null, params?: object | null) {
      if (vu.phase === 'init') throw new GoError('using websockets in the init context is not supported');
      if (!URL.canParse(String(url)) || !/^wss?:/.test(String(url)))
        throw new GoError(`invalid WebSocket URL ${JSON.stringify(url)}`);
      this.url = new URL(String(url)).href;
      this.#connection = connectWebSocket(vu, { url: this.url, params, protocols: [protocols ?? []].flat() });
      this.#listen(this.#connection.socket);
    }

    get readyState(): number {
      return this.#connection.socket.readyState;
    }

    get bufferedAmount(): number {
      return this.#connection.socket.bufferedAmount;
    }

    get binaryType(): string {
      return this.#binaryType;
    }

    set binaryType(type: string) {
      if (type !== 'blob' && type !== 'arraybuffer')
        throw new GoError(`unknown binaryType ${type}, the supported ones are "blob" and "arraybuffer"`);
      this.#binaryType = type;
    }

    addEventListener(event: EventName, listener: AnyFunction): void {
      if (!EVENTS.includes(event)) throw new GoError(`unknown event type: ${String(event)}`);
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    }

    send(data: unknown): void {
      if (this.readyState !== 1) throw new GoError('InvalidStateError: the WebSocket is not open');
      this.#connection.sample('wsMsgsSent', 1);
      if (data instanceof Blob) void data.arrayBuffer().then((bytes) => this.#connection.socket.send(bytes));
      else this.#connection.socket.send(data as string);
    }

    ping(): void {
      if (this.readyState !== 1) throw new GoError('InvalidStateError: the WebSocket is not open');
      this.#connection.ping();
    }

    close(code?: number, reason?: string): void {
      this.#connection.socket.close(code ?? 1000, reason);
    }

    #listen(socket: Socket): void {
      socket.on('open', () => this.#emit('open', {}));
      socket.on('ping', () => this.#emit('ping', {}));
      socket.on('pong', () => this.#emit('pong', {}));
      socket.on('error', (error) => this.#emit('error', { error: error.message }));
      socket.on('close', (code, reason) => this.#emit('close', { code, reason: reason.toString() }));
      socket.on('message', (data: Buffer, isBinary) => {
        this.#connection.sample('wsMsgsReceived', 1);
        const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer;
        const binary = this.#binaryType === 'blob' ? new Blob([bytes]) : bytes;
        this.#emit('message', { data: isBinary ? binary : data.toString(), origin: '' });
      });
    }

    #emit(type: EventName, details: object): void {
      const event = { type, target: this, timestamp: Date.now(), ...details };
      const own = this[`on${type}`];
      for (const listener of [own, ...(this.#listeners.get(type) ?? [])]) {
        if (typeof listener === 'function') runCallback(vu.loop, vu.jobs, listener, [event]);
      }
    }
  }
  const named = { WebSocket, Blob };
  return { ...named, default: named };
}
