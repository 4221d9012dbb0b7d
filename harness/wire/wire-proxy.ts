import { type ClientRequest, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepAlive } from '../../faults/base/keep-alive.ts';
import { RefusablePort } from '../../faults/base/refusable-port.ts';
import { wholeBody } from '../../faults/base/whole-body.ts';
import { now } from '../base/clock.ts';
import type { WireAnswer } from './exchange.ts';
import { accepts, pairsOf, requestTo, type Target, targetOf, upgradeTo } from './target.ts';

/** An answer whose head has arrived. */
export interface Arrived {
  readonly status: number;
  readonly headers: WireAnswer['headers'];
  whole(): Promise<WireAnswer>;
}

/** The hooks of a proxy for each request. */
export interface Relay {
  /** Called when a request arrives. Returns what to do with it. */
  begin(incoming: IncomingMessage): Relayed;
}

interface Relayed {
  /** The answer, if the service must not get the request. */
  readonly instead?: WireAnswer | Promise<WireAnswer> | undefined;
  /** Returns the response to a request that the service doesn't accept while it handles others, or undefined. */
  refused(): WireAnswer | undefined;
  /** Whether the service must not learn that the caller has left. */
  hidesLeaving(): boolean;
  /** Returns the answer to send instead, or undefined to pass on the service's own as it comes. */
  answer(arrived: Arrived): Promise<WireAnswer | undefined>;
  /** Called with answers of the service that were read, and with those that are short enough to keep. */
  passed(answer: WireAnswer): void;
}

/** Longer bodies are passed on, but not kept. */
const MOST_KEPT_BYTES = 1_000_000;

/** How often to check whether the service accepts connections, in milliseconds. */
const LOOK_MS = 10;

/**
 * An HTTP proxy on loopback in front of the service, which behaves like the service itself: each request has its own
 * connection from the caller's address, and if the service drops a connection, so does the proxy.
 */
export class WireProxy implements AsyncDisposable {
  readonly url: string;
  readonly #onward: Onward;
  readonly #server: Server;
  readonly #port: RefusablePort;

  private constructor(onward: Onward, server: Server, port: RefusablePort) {
    this.#onward = onward;
    this.#server = server;
    this.#port = port;
    this.url = `http://127.0.0.1:${port.address.port}`;
  }

  /** @param target The service's origin. */
  static async start(target: string, relay: Relay): Promise<WireProxy> {
    const onward: Onward = {
      target: targetOf(target),
      relay,
      accepted: new Set(),
      open: new Set(),
      callers: 0,
      endedAt: now(),
    };
    const server = createServer(keepAlive, (incoming, outgoing) => pass(onward, incoming, outgoing));
    server.on('upgrade', (incoming, caller, head) => tunnel(onward, incoming, caller, head));
    return new WireProxy(onward, server, await RefusablePort.open(server));
  }

  /** Since when no request is in progress, in milliseconds since the epoch, or undefined if one is. */
  get quietSince(): number | undefined {
    const { callers, endedAt } = this.#onward;
    return callers === 0 ? endedAt : undefined;
  }

  /** Refuses connections while the service does, until the returned function is called. */
  mirror(): () => Promise<void> {
    const over = new AbortController();
    const following = this.#follow(over.signal);
    return async () => {
      over.abort();
      await following;
    };
  }

  async #follow(over: AbortSignal): Promise<void> {
    let accept: (() => Promise<void>) | undefined;
    while (!over.aborted) {
      const isOpen = await accepts(this.#onward.target);
      if (!isOpen) accept ??= this.#port.refuse();
      else if (accept) {
        await accept();
        accept = undefined;
      }
      await sleep(LOOK_MS);
    }
    await accept?.();
  }

  /** Stops listening and closes all connections, also those to the service whose callers have left. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#port[Symbol.asyncDispose]();
    this.#server.closeAllConnections();
    for (const socket of this.#onward.open) socket.destroy();
    await closed;
  }
}

interface Onward {
  readonly target: Target;
  readonly relay: Relay;
  /** The requests that the service works on. */
  readonly accepted: Set<ClientRequest>;
  /** All requests and connections that have not ended. */
  readonly open: Set<{ destroy(): unknown }>;
  /** How many requests of callers are in progress, and when the last one ended. */
  callers: number;
  endedAt: number;
}

/** Passes on a connection that switches to another protocol, such as WebSocket. No mutant acts on it. */
function tunnel({ target, open }: Onward, incoming: IncomingMessage, caller: Duplex, head: Buffer): void {
  const onward = upgradeTo(target, incoming);
  onward.write(head);
  for (const [socket, peer] of [
    [caller, onward],
    [onward, caller],
  ] as const) {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      open.delete(socket);
      peer.destroy();
    });
  }
  caller.pipe(onward).pipe(caller);
}

function pass(to: Onward, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { target, relay, accepted, open } = to;
  to.callers += 1;
  outgoing.once('close', () => {
    to.callers -= 1;
    to.endedAt = now();
  });
  const relayed = relay.begin(incoming);
  const breakOff = (): void => void incoming.socket.destroy();
  outgoing.on('error', breakOff);
  if (relayed.instead) {
    incoming.resume();
    Promise.resolve(relayed.instead).then((answer) => send(answer, outgoing), breakOff);
    return;
  }
  const onward = requestTo(target, incoming);
  open.add(onward);
  onward.once('socket', (socket) => socket.once('connect', () => accepted.add(onward)));
  onward.once('close', () => {
    accepted.delete(onward);
    open.delete(onward);
  });
  let isAnswered = false;
  onward.on('error', ({ code }: NodeJS.ErrnoException) => {
    // A service may answer before it has read the whole request, and close the connection.
    if (isAnswered) return;
    const answer = code === 'ECONNREFUSED' && accepted.size > 0 ? relayed.refused() : undefined;
    if (answer) send(answer, outgoing);
    else breakOff();
  });
  outgoing.once('close', () => {
    if (!outgoing.writableFinished && !relayed.hidesLeaving()) onward.destroy();
  });
  onward.once('response', (response) => {
    isAnswered = true;
    // A mutant may replace a truncated response.
    response.on('error', () => {});
    deliver(relayed, response, outgoing).catch(breakOff);
  });
  incoming.pipe(onward);
}

async function deliver(relayed: Relayed, response: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { statusCode: status = 0, rawHeaders } = response;
  const headers = pairsOf(rawHeaders);
  let read: Promise<WireAnswer> | undefined;
  const whole = (): Promise<WireAnswer> => {
    read ??= wholeBody(response).then((body) => ({ status, headers, body }));
    return read;
  };
  const answer = await relayed.answer({ status, headers, whole });
  const own = await read?.catch(() => undefined);
  if (own) relayed.passed(own);
  if (answer) return send(answer, outgoing);
  if (read) return send(await read, outgoing);
  if (response.errored) throw response.errored;
  outgoing.writeHead(status, response.statusMessage ?? '', rawHeaders);
  outgoing.flushHeaders();
  const kept: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_KEPT_BYTES) kept.push(chunk);
  });
  response.once('close', () => {
    if (!response.complete) outgoing.socket?.destroy();
    else if (bytes <= MOST_KEPT_BYTES) relayed.passed({ status, headers, body: Buffer.concat(kept) });
  });
  response.once('end', () => outgoing.addTrailers(pairsOf(response.rawTrailers)));
  response.pipe(outgoing);
}

function send({ status, headers, body }: WireAnswer, outgoing: ServerResponse): void {
  const own = headers.filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name));
  outgoing.writeHead(status, own.flat()).end(body);
}
