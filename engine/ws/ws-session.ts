import type { IncomingMessage } from 'node:http';
import { GoError } from '../base/errors.ts';
import { startTimer } from '../base/exact-timer.ts';
import { Mailbox } from '../base/mailbox.ts';
import { type AnyFunction, callInSteps, type Steps, waitForPromise } from '../blocking/carried.ts';
import { canonicalHeaderName } from '../net/header-name.ts';
import { EventHandlers } from '../vu/event-handlers.ts';
import { inSteps } from '../vu/in-steps.ts';
import type { Vu } from '../vu/vu.ts';
import { type Closing, closingOf, describeFailure } from './close-error.ts';
import { type Connection, connectWebSocket } from './connect-websocket.ts';

/** A connection's events, in the order in which the VU handles them. */
type WsEvent =
  | { readonly kind: 'open'; readonly headers: Record<string, string> }
  | { readonly kind: 'ping' | 'pong' }
  | { readonly kind: 'message'; readonly data: string }
  | { readonly kind: 'binaryMessage'; readonly data: ArrayBuffer }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'closed'; readonly closing: Closing }
  | { readonly kind: 'timer'; readonly action: AnyFunction };

/** The default close code. */
export const GOING_AWAY = 1001;

/** How long to wait for the server's reply to a close frame, in milliseconds. */
const CLOSE_GRACE = 1_000;

/** A connection whose events the VU handles one by one. */
export class WsSession {
  /** The response, if it was not an upgrade. */
  readonly refusal: { status: number; headers: Record<string, string>; body: string } = {
    status: 0,
    headers: {},
    body: '',
  };
  readonly socket: object;
  readonly #connection: Connection;
  readonly #events = new Mailbox<WsEvent>();
  readonly #handlers = new EventHandlers();
  readonly #timers = new Set<() => void>();
  #isClosed = false;

  constructor(vu: Vu, url: string, params: object | null | undefined) {
    this.#connection = connectWebSocket(vu, {
      url,
      params,
      module: 'k6/ws',
      onRefusal: (response, body) => {
        Object.assign(this.refusal, { status: response.statusCode ?? 0, headers: headersOf(response), body });
      },
    });
    this.#listen();
    this.socket = this.#socketFor(vu);
  }

  *next(): Steps<WsEvent | null> {
    return (yield waitForPromise(() => this.#events.next())) as WsEvent | null;
  }

  emit(event: string, ...args: unknown[]): Steps<void> {
    return this.#handlers.emit(event, ...args);
  }

  *handle(event: WsEvent): Steps<void> {
    switch (event.kind) {
      case 'timer':
        yield* callInSteps(event.action, undefined, []);
        break;
      case 'closed':
        if (event.closing.error !== undefined && !this.#isClosed) {
          const { error } = event.closing;
          yield* this.emit('error', { error: () => error });
        }
        yield* this.close(event.closing.code ?? GOING_AWAY);
        break;
      case 'error':
        yield* this.emit('error', { error: () => event.message });
        break;
      case 'message':
      case 'binaryMessage':
        this.#connection.sample('wsMsgsReceived', 1);
        yield* this.emit(event.kind, event.data);
        break;
      default:
        yield* this.emit(event.kind);
    }
  }

  /** Closes the connection if it is open. */
  end(code: number): void {
    this.#cancelTimers();
    this.#events.discard();
    this.#events.close();
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { socket } = this.#connection;
    this.#connection.end();
    try {
      socket.close(code);
    } catch {
      // This close code must not be sent.
      socket.terminate();
    }
    const cancel = startTimer(CLOSE_GRACE, () => socket.terminate());
    socket.once('close', cancel);
  }

  #cancelTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Closes the connection if it is open, and emits `close`. */
  *close(code: number): Steps<void> {
    if (this.#isClosed) return;
    this.end(code);
    yield* this.emit('close', code);
  }

  #listen(): void {
    const { socket } = this.#connection;
    let headers: Record<string, string> = {};
    const post = (event: WsEvent) => this.#events.post(event);
    socket.on('upgrade', (response: IncomingMessage) => {
      headers = headersOf(response);
    });
    socket.on('open', () => post({ kind: 'open', headers }));
    socket.on('ping', () => post({ kind: 'ping' }));
    socket.on('pong', () => post({ kind: 'pong' }));
    let isBroken = false;
    socket.on('error', (error) => {
      isBroken = true;
      post({ kind: 'error', message: describeFailure(error) });
    });
    socket.on('close', (code, reason) => {
      // Cancel the timers even if the VU has moved on.
      this.#cancelTimers();
      const closing = isBroken ? { code: undefined, reason: '', error: undefined } : closingOf(code, String(reason));
      post({ kind: 'closed', closing });
    });
    socket.on('message', (data: Buffer, isBinary) => {
      const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer;
      post(isBinary ? { kind: 'binaryMessage', data: bytes } : { kind: 'message', data: data.toString() });
    });
  }

  #socketFor(vu: Vu): object {
    return {
      on: this.#handlers.on,
      send: inSteps(vu, (message: unknown) => this.#send(String(message))),
      sendBinary: inSteps(vu, (message: unknown) => {
        if (message instanceof ArrayBuffer) return this.#send(message);
        throw new GoError(`expected ArrayBuffer as argument, received: ${nameOf(message)}`);
      }),
      ping: () => this.#connection.ping(),
      close: inSteps(vu, (code: unknown = GOING_AWAY) => this.close(Number(code))),
      setTimeout: (action: AnyFunction, ms: unknown) => this.#startTimer('setTimeout', action, ms),
      setInterval: (action: AnyFunction, ms: unknown) => this.#startTimer('setInterval', action, ms),
    };
  }

  *#send(data: string | ArrayBuffer): Steps<void> {
    if (this.#isClosed) yield* this.emit('error', { error: () => 'websocket: close sent' });
    else {
      this.#connection.socket.send(data, (error) => {
        if (error) this.#events.post({ kind: 'error', message: error.message });
      });
    }
    this.#connection.sample('wsMsgsSent', 1);
  }

  #startTimer(name: 'setTimeout' | 'setInterval', action: AnyFunction, given: unknown): void {
    const ms = Number(given) || 0;
    if (typeof action !== 'function') throw new TypeError(`${name} needs a function`);
    if (!(ms > 0)) throw new GoError(`${name} requires a >0 timeout parameter, received ${ms.toFixed(2)}`);
    let cancelTimer: () => void;
    const fire = () => {
      this.#events.post({ kind: 'timer', action });
      if (name === 'setInterval') cancelTimer = startTimer(ms, fire);
      else this.#timers.delete(cancel);
    };
    cancelTimer = startTimer(ms, fire);
    const cancel = () => cancelTimer();
    this.#timers.add(cancel);
  }
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [canonicalHeaderName(name), [value].flat().join(', ')]),
  );

const nameOf = (value: unknown): string =>
  value === null || value === undefined ? String(value) : Object(value).constructor.name;
