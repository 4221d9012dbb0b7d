import { epochNow } from '../../engine/base/epoch-clock.ts';
import type { Ending } from '../kinds/lib/disconnect.ts';

/** How a request ended; `open` until then. */
type Outcome = 'open' | 'answered' | Ending;

/** The record of one request that reached a fake. Times are epoch milliseconds with fractions. */
export interface RequestReceipt {
  readonly seq: number;
  readonly upstream: string;
  readonly kind: 'request';
  /** When the head of the request arrived. */
  readonly at: number;
  /** When the last byte was handed to the socket, or the connection closed; null while the request is open. */
  endedAt: number | null;
  readonly method: string;
  /** The request target, including the query. */
  readonly path: string;
  /** `METHOD /path`, which a fault's `route` is compared with. */
  readonly route: string;
  /** The faults that apply to it, as `id:kind`, in the order in which they act. */
  faults: string[];
  /** The status that was sent; null if none. */
  status: number | null;
  /** Why the response is not that of a handler: there is none, or the server behind the upstream can't be reached. */
  unserved?: string;
  outcome: Outcome;
}

/** A failed TLS handshake: evidence that a client refused a certificate. */
export interface HandshakeReceipt {
  readonly seq: number;
  readonly upstream: string;
  readonly kind: 'handshake-failed';
  readonly at: number;
  readonly error: string;
}

/** How a connection through a proxy ended: which side or which fault ended it; `open` until then. */
export type ConnectionOutcome = 'open' | 'client-gone' | 'server-gone' | 'reset' | 'half-open' | 'half-closed';

/** The record of one connection that reached a proxy. */
export interface ConnectionReceipt {
  readonly seq: number;
  readonly upstream: string;
  readonly kind: 'connection';
  readonly at: number;
  endedAt: number | null;
  /** The faults that acted on it, as `id:kind`, in the order in which they started. */
  faults: string[];
  outcome: ConnectionOutcome;
  /** Bytes that were forwarded to the server and to the client. */
  bytesToServer: number;
  bytesToClient: number;
}

/**
 * A span of time in which a fault acted on a target as a whole: `refusing` if it refused every connection, else
 * `acting`.
 */
export interface SpanReceipt {
  readonly seq: number;
  readonly upstream: string;
  readonly kind: 'refusing' | 'acting';
  readonly at: number;
  /** The end of the span; null until then. */
  endedAt: number | null;
  /** The fault, as `id:kind`. */
  readonly faults: readonly string[];
}

export type Receipt = RequestReceipt | HandshakeReceipt | ConnectionReceipt | SpanReceipt;

/** Totals since the start or the last reset. They include receipts that are no longer kept. */
export interface ReceiptCount {
  requests: number;
  connections: number;
  handshakesFailed: number;
  open: number;
}

/**
 * Stores the receipts of all upstreams. They share one sequence of numbers, which starts at 1.
 *
 * Only the last `capacity` receipts (default 200,000, about 60 MB) are kept in a ring. Adding is O(1), and reading
 * after a sequence number takes time in proportion to the result.
 */
export class Receipts {
  readonly #capacity: number;
  readonly #now: () => number;
  #ring: Receipt[] = [];
  #ended: Receipt[] = [];
  #open = new Set<RequestReceipt | ConnectionReceipt>();
  readonly #counts = new Map<string, ReceiptCount>();
  readonly #watchers = new Set<() => void>();
  #last = 0;
  #lastEnded = 0;
  #endedKeptFrom = 1;

  constructor({ capacity = 200_000, now = epochNow }: { capacity?: number; now?: () => number } = {}) {
    this.#capacity = capacity;
    this.#now = now;
  }

  /** The latest sequence number; 0 before the first receipt. */
  get last(): number {
    return this.#last;
  }

  /** The number of receipts that are no longer kept. */
  get dropped(): number {
    return Math.max(0, this.#last - this.#capacity);
  }

  /** Adds a receipt for a request whose head has arrived. */
  open(upstream: string, method: string, target: string): RequestReceipt {
    const receipt: RequestReceipt = {
      seq: this.#last + 1,
      upstream,
      kind: 'request',
      at: this.#now(),
      endedAt: null,
      method,
      path: target,
      route: `${method} ${target.split('?', 1)[0]}`,
      faults: [],
      status: null,
      outcome: 'open',
    };
    this.#countOf(upstream).requests++;
    this.#begin(receipt);
    return receipt;
  }

  /** Adds a receipt for an accepted connection. */
  connected(upstream: string): ConnectionReceipt {
    const receipt: ConnectionReceipt = {
      seq: this.#last + 1,
      upstream,
      kind: 'connection',
      at: this.#now(),
      endedAt: null,
      faults: [],
      outcome: 'open',
      bytesToServer: 0,
      bytesToClient: 0,
    };
    this.#countOf(upstream).connections++;
    this.#begin(receipt);
    return receipt;
  }

  /** Ends a receipt. A receipt from before a reset is no longer counted. */
  end<Opened extends RequestReceipt | ConnectionReceipt>(
    receipt: Opened,
    outcome: Exclude<Opened['outcome'], 'open'>,
  ): void {
    receipt.endedAt = this.#now();
    receipt.outcome = outcome;
    if (!this.#open.delete(receipt)) return;
    this.#countOf(receipt.upstream).open--;
    this.#addEnded(receipt);
  }

  /**
   * Adds a receipt for a fault (`id:kind`) that acts on an upstream as a whole. Call the returned function when it
   * ends.
   */
  span(upstream: string, kind: SpanReceipt['kind'], fault: string): () => void {
    const receipt: SpanReceipt = {
      seq: this.#last + 1,
      upstream,
      kind,
      at: this.#now(),
      endedAt: null,
      faults: [fault],
    };
    this.#add(receipt);
    return () => {
      receipt.endedAt = this.#now();
      this.#addEnded(receipt);
    };
  }

  /** Adds the receipt of a failed TLS handshake. */
  handshakeFailed(upstream: string, error: string): void {
    this.#countOf(upstream).handshakesFailed++;
    const receipt: HandshakeReceipt = {
      seq: this.#last + 1,
      upstream,
      kind: 'handshake-failed',
      at: this.#now(),
      error,
    };
    this.#add(receipt);
    this.#addEnded(receipt);
  }

  /** Returns the kept receipts after sequence number `seq`, oldest first, optionally of one upstream. */
  after(seq: number, upstream?: string): Receipt[] {
    const found: Receipt[] = [];
    for (let next = Math.max(seq, this.dropped) + 1; next <= this.#last; next++) {
      const receipt = this.#ring[(next - 1) % this.#capacity];
      if (receipt && (upstream === undefined || receipt.upstream === upstream)) found.push(receipt);
    }
    return found;
  }

  /**
   * Returns at most `most` kept receipts that ended after `position`, in the order of their ends, optionally of one
   * upstream. Pass the returned `position` to the next call.
   */
  endedAfter(position: number, most: number, upstream?: string): { receipts: [number, Receipt][]; position: number } {
    const receipts: [number, Receipt][] = [];
    let next = Math.max(position + 1, this.#endedKeptFrom, this.#lastEnded - this.#capacity + 1);
    for (; next <= this.#lastEnded && receipts.length < most; next++) {
      const receipt = this.#ended[(next - 1) % this.#capacity];
      if (receipt && (upstream === undefined || receipt.upstream === upstream)) receipts.push([next, receipt]);
    }
    return { receipts, position: next - 1 };
  }

  /** Calls `watcher` whenever a receipt ends. Returns a function that stops it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Forgets all receipts and restarts the sequence. Positions of ends continue, so watchers can go on. */
  reset(): void {
    this.#ring = [];
    this.#ended = [];
    this.#open = new Set();
    this.#counts.clear();
    this.#last = 0;
    this.#endedKeptFrom = this.#lastEnded + 1;
  }

  /** Returns the totals of one upstream, or of all. */
  count(upstream?: string): ReceiptCount {
    const total: ReceiptCount = { requests: 0, connections: 0, handshakesFailed: 0, open: 0 };
    for (const [name, count] of this.#counts) {
      if (upstream !== undefined && name !== upstream) continue;
      total.requests += count.requests;
      total.connections += count.connections;
      total.handshakesFailed += count.handshakesFailed;
      total.open += count.open;
    }
    return total;
  }

  #begin(receipt: RequestReceipt | ConnectionReceipt): void {
    this.#countOf(receipt.upstream).open++;
    this.#open.add(receipt);
    this.#add(receipt);
  }

  #add(receipt: Receipt): void {
    this.#last = receipt.seq;
    this.#ring[(receipt.seq - 1) % this.#capacity] = receipt;
  }

  #addEnded(receipt: Receipt): void {
    this.#lastEnded++;
    this.#ended[(this.#lastEnded - 1) % this.#capacity] = receipt;
    for (const watcher of this.#watchers) watcher();
  }

  #countOf(upstream: string): ReceiptCount {
    let count = this.#counts.get(upstream);
    if (!count) {
      count = { requests: 0, connections: 0, handshakesFailed: 0, open: 0 };
      this.#counts.set(upstream, count);
    }
    return count;
  }
}
