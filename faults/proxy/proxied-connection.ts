import { Socket } from 'node:net';
import type { ConnectionOutcome, ConnectionReceipt } from '../receipts/receipts.ts';
import { Lane } from './lane.ts';

type Side = 'client' | 'server';
type Ending = Exclude<ConnectionOutcome, 'open'>;

/** A connection of a client through the proxy to the server, as far as faults act on it. */
export class ProxiedConnection {
  readonly receipt: ConnectionReceipt;
  readonly toServer: Lane;
  readonly toClient: Lane;
  /** Resolves with how it ended, when both of its sides are gone. */
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

  /** Connects to the server, as soon as no fault holds what the client sends. */
  connect(address: { host: string; port: number }): void {
    this.toServer.whenFree(() => {
      if (!this.#sides.server.destroyed) this.#sides.server.connect(address);
    });
  }

  /** Ends both sides with a TCP RST. */
  reset(): void {
    this.#ending ??= 'reset';
    this.#reset('client');
    this.#reset('server');
  }

  /** Takes one side away; the other is not told, and whatever it sends is lost. */
  lose(side: Side): void {
    this.#ending ??= 'half-open';
    (side === 'server' ? this.toServer : this.toClient).swallow();
    this.#sides[side].destroy();
  }

  /** Ends the sending to one side (a FIN), and goes on with the other direction. */
  finish(side: Side): void {
    this.#ending ??= 'half-closed';
    (side === 'client' ? this.toClient : this.toServer).swallow();
    const socket = this.#sides[side];
    if (socket.pending) socket.once('connect', () => socket.end());
    else socket.end();
  }

  /** Ends what is left of it, without a word of the other side's. */
  close(): void {
    this.#sides.client.destroy();
    this.#sides.server.destroy();
  }

  /** Remembers who ended it first, and hands a broken connection on as one. @returns when the side is gone */
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
    // One that was never connected has nothing to reset; and libuv resets none whose end is under way (EINVAL), after
    // which Node never closes it.
    if ((socket.pending && !socket.connecting) || socket.writableEnded) socket.destroy();
    else socket.resetAndDestroy();
  }
}
