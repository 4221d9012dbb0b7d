import type { Socket } from 'node:net';
import type { Undo } from '../kinds/lib/fault.ts';

/**
 * Maximum number of buffered bytes. Above this number, the lane stops reading, so that the sender is slowed down as it
 * would be by a network.
 */
const MOST_BYTES = 1_048_576;

/** A buffered chunk, the end of the sender's data, or an action whose turn comes between chunks. */
interface Piece {
  readonly bytes: number;
  readonly due: number;
  readonly pass: () => void;
}

/**
 * One direction of a connection. It writes the bytes from one socket to the other, in order, unless a fault disrupts
 * it.
 */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #count: (bytes: number) => void;
  readonly #delays = new Set<() => number>();
  readonly #onFree: (() => void)[] = [];
  #waiting: Piece[] = [];
  #waitingBytes = 0;
  #lastDue = 0;
  #holds = 0;
  #isSwallowing = false;
  #timer: NodeJS.Timeout | undefined;

  /** `count` is called with the number of forwarded bytes. */
  constructor(from: Socket, to: Socket, count: (bytes: number) => void) {
    this.#from = from;
    this.#to = to;
    this.#count = count;
    from.on('data', (bytes: Buffer) => this.#take(bytes.length, () => this.#write(bytes)));
    from.on('end', () => this.#take(0, () => this.#finish()));
    to.on('drain', () => this.#readOn());
    to.on('close', () => this.swallow());
  }

  /**
   * Stops reading and forwarding, including the end of the data. When this is undone, everything continues in order.
   */
  hold(): Undo {
    this.#holds++;
    this.#from.pause();
    return () => {
      if (--this.#holds > 0) return;
      for (const act of this.#onFree.splice(0)) act();
      this.#handOn();
    };
  }

  /**
   * Delays each piece by the number of milliseconds that `next` returns, keeping the order. When this is undone,
   * waiting pieces continue immediately.
   */
  delay(next: () => number): Undo {
    this.#delays.add(next);
    return () => {
      this.#delays.delete(next);
      this.#handOn();
    };
  }

  /** Continues to read, but discards everything. */
  swallow(): void {
    this.#isSwallowing = true;
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#readOn();
  }

  /** Calls `act` as soon as nothing holds this lane, which may be immediately. */
  whenFree(act: () => void): void {
    if (this.#holds === 0) act();
    else this.#onFree.push(act);
  }

  /** Calls `act` when bytes that arrive now would be forwarded, which may be immediately. */
  inTurn(act: () => void): void {
    this.#take(0, act);
  }

  #take(bytes: number, pass: () => void): void {
    if (this.#isSwallowing) return;
    if (this.#holds === 0 && this.#delays.size === 0 && this.#waiting.length === 0) {
      pass();
      return;
    }
    const delay = [...this.#delays].reduce((sum, next) => sum + Math.max(0, next()), 0);
    this.#lastDue = Math.max(this.#lastDue, performance.now() + delay);
    this.#waiting.push({ bytes, due: this.#lastDue, pass });
    this.#waitingBytes += bytes;
    this.#handOn();
  }

  #handOn(): void {
    clearTimeout(this.#timer);
    const isDue = ({ due }: Piece) => this.#delays.size === 0 || due <= performance.now();
    while (this.#holds === 0 && this.#waiting[0] && isDue(this.#waiting[0])) {
      const { bytes, pass } = this.#waiting.shift() as Piece;
      this.#waitingBytes -= bytes;
      pass();
    }
    // A Node timer may fire a fraction of a millisecond early, so check again then.
    const next = this.#waiting[0];
    if (next && this.#holds === 0)
      this.#timer = setTimeout(() => this.#handOn(), Math.max(0, next.due - performance.now()));
    this.#readOn();
  }

  #write(bytes: Buffer): void {
    if (this.#to.destroyed) return;
    this.#count(bytes.length);
    if (!this.#to.write(bytes)) this.#from.pause();
  }

  #finish(): void {
    if (!this.#to.destroyed) this.#to.end();
  }

  #readOn(): void {
    const isFull = this.#waitingBytes > MOST_BYTES || (this.#to.writableNeedDrain && !this.#to.destroyed);
    if (this.#holds > 0 || (isFull && !this.#isSwallowing)) this.#from.pause();
    else if (!this.#from.destroyed) this.#from.resume();
  }
}
