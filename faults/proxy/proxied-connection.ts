import { Socket } from 'node:net';
import type { ConnectionCalls } from '../calls/connection-calls.ts';
import type { ConnectionReceipt } from '../receipts/receipt.ts';
import { Lane } from './lane.ts';

type Side = 'client' | 'server';
type Ending = Exclude<ConnectionReceipt['outcome'], 'open'>;

/** A client's connection through the proxy, which faults can act on. */
export class ProxiedConnection {
  readonly receipt: ConnectionReceipt;
  readonly toServer: Lane;
  readonly toClient: Lane;
  /** Resolves with the outcome when both sides are closed. */
  readonly ended: Promise<Ending>;
  readonly #sides: Record<Side, Socket>;
  #onNextCall: (() => void)[] = [];
  #ending: Ending | undefined;

  /** @param calls Is notified of the bytes and the end of the connection, if its calls are counted. */
  constructor(client: Socket, receipt: ConnectionReceipt, calls?: ConnectionCalls) {
    const server = new Socket({ allowHalfOpen: true }).setNoDelay(true);
    this.receipt = receipt;
    this.#sides = { client, server };
    // A call must be known before its bytes are forwarded.
    if (calls) client.on('data', (bytes: Buffer) => calls.sent(bytes));
    this.toServer = new Lane(client, server, (bytes) => {
      receipt.bytesToServer += bytes;
    });
    this.toClient = new Lane(server, client, (bytes) => {
      receipt.bytesToClient += bytes;
      calls?.answered();
    });
    client.once('end', () => calls?.closed('client-gone'));
    client.once('close', () => calls?.closed(this.#ending === 'reset' ? 'reset' : 'client-gone'));
    const gone = (['client', 'server'] as const).map((side) => this.#follow(side));
    this.ended = Promise.all(gone).then(() => this.#ending ?? 'client-gone');
  }

  /** Connects to the server as soon as no fault holds the client's bytes. */
  connect(address: { host: string; port: number }): void {
    const { server } = this.#sides;
    const onError = ({ code, message }: NodeJS.ErrnoException) => {
      this.receipt.unserved = `${address.host}:${address.port} can't be reached: ${code ?? message}`;
    };
    server.once('error', onError).once('connect', () => server.off('error', onError));
    this.toServer.whenFree(() => {
      if (!server.destroyed) server.connect(address);
    });
  }

  /** Calls `read` with all bytes that arrive from one side, whether they are forwarded or not. */
  observe(side: Side, read: (bytes: Buffer) => void): void {
    this.#sides[side].on('data', read);
  }

  /** Calls `act` when the next call arrives on this connection. */
  onNextCall(act: () => void): void {
    this.#onNextCall.push(act);
  }

  /** Announces a call: `meet` lets faults act on it, and everything that waited for it follows. */
  beginCall<Result>(meet: () => Result): Result {
    const waiting = this.#onNextCall.splice(0);
    const result = meet();
    for (const act of waiting) act();
    return result;
  }

  /** Resets both sides (TCP RST). */
  reset(): void {
    this.#ending ??= 'reset';
    this.#reset('client');
    this.#reset('server');
  }

  /** Closes one side without notifying the other. Bytes from the other side are discarded. */
  lose(side: Side): void {
    this.#ending ??= 'half-open';
    (side === 'server' ? this.toServer : this.toClient).swallow();
    this.#sides[side].destroy();
  }

  /** Half-closes one side (FIN). The other direction continues. */
  finish(side: Side): void {
    this.#ending ??= 'half-closed';
    (side === 'client' ? this.toClient : this.toServer).swallow();
    const socket = this.#sides[side];
    if (socket.pending) socket.once('connect', () => socket.end());
    else socket.end();
  }

  /** Closes both sides immediately. */
  close(): void {
    this.#sides.client.destroy();
    this.#sides.server.destroy();
  }

  /**
   * Records which side ended first. If one side breaks, breaks the other one as well. Resolves when the side is closed.
   */
  #follow(side: Side): Promise<void> {
    const other = side === 'client' ? 'server' : 'client';
    const socket = this.#sides[side];
    socket.once('end', () => {
      this.#ending ??= `${side}-gone`;
    });
    socket.on('error', () => {
      this.#ending ??= `${side}-gone`;
      this.#reset(other);
    });
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
    });
  }

  #reset(side: Side): void {
    const socket = this.#sides[side];
    // A socket that never connected can't be reset. If its end has already been written, libuv fails to reset it
    // (EINVAL), and Node then never closes it.
    if ((socket.pending && !socket.connecting) || socket.writableEnded) socket.destroy();
    else socket.resetAndDestroy();
  }
}
