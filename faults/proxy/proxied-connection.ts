import { Socket } from 'node:net';
import type { ConnectionOutcome, ConnectionReceipt } from '../receipts/receipts.ts';
import { Lane } from './lane.ts';

type Side = 'client' | 'server';
type Ending = Exclude<ConnectionOutcome, 'open'>;

/** A client's connection through the proxy, which faults can act on. */
export class ProxiedConnection {
  readonly receipt: ConnectionReceipt;
  readonly toServer: Lane;
  readonly toClient: Lane;
  /** Resolves with the outcome when both sides are closed. */
  readonly ended: Promise<Ending>;
  readonly #sides: Record<Side, Socket>;
  #ending: Ending | undefined;

  constructor(client: Socket, receipt: ConnectionReceipt) {
    const server = new Socket({ allowHalfOpen: true }).setNoDelay(true);
    this.receipt = receipt;
    this.#sides = { client, server };
    this.toServer = new Lane(client, server, (bytes) => {
      receipt.bytesToServer += bytes;
    });
    this.toClient = new Lane(server, client, (bytes) => {
      receipt.bytesToClient += bytes;
    });
    const gone = (['client', 'server'] as const).map((side) => this.#follow(side));
    this.ended = Promise.all(gone).then(() => this.#ending ?? 'client-gone');
  }

  /** Connects to the server as soon as no fault holds the client's bytes. */
  connect(address: { host: string; port: number }): void {
    this.toServer.whenFree(() => {
      if (!this.#sides.server.destroyed) this.#sides.server.connect(address);
    });
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
