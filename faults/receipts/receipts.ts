import { epochNow } from '../../engine/base/epoch-clock.ts';
import type { Ending } from '../kinds/disconnect.ts';

/** How a request ended; `open` while it has not. */
type Outcome = 'open' | 'answered' | Ending;

/** What happened to one request that reached a fake. Times are epoch milliseconds with fractions. */
export interface RequestReceipt {
  readonly seq: number;
  readonly upstream: string;
  readonly kind: 'request';
  /** When the request's head had arrived. */
  readonly at: number;
  /** When the last byte was handed to the socket, or the connection was gone; null while open. */
  endedAt: number | null;
  readonly method: string;
  /** The request's target, with its query. */
  readonly path: string;
  /** "METHOD /path", what a fault's `route` is compared with. */
  readonly route: string;
  /** The faults chosen for it, as "id:kind", in the order in which they act. */
  faults: string[];
  /** The status that was sent; null if none was. */
  status: number | null;
  outcome: Outcome;
}

/** A TLS handshake that failed: the evidence that a client refused a certificate. */
export interface HandshakeReceipt {
  readonly seq: number;
  readonly upstream: string;
  readonly kind: 'handshake-failed';
  readonly at: number;
  readonly error: string;
}

/** How a connection through a proxy ended: by whom, or by which fault; `open` while it has not. */
export type ConnectionOutcome = 'open' | 'client-gone' | 'server-gone' | 'reset' | 'half-open' | 'half-closed';

/** What happened to one connection that reached a proxy. */
export interface ConnectionReceipt {
  readonly seq: number;
  readonly upstream: string;
  readonly kind: 'connection';
  readonly at: number;
  endedAt: number | null;
  /** The faults that acted on it, as "id:kind", in the order in which they began. */
  faults: string[];
  outcome: ConnectionOutcome;
  /** Bytes that were handed on to the server, and to the client. */
  bytesToServer: number;
  bytesToClient: number;
}

/**
 * A span of time in which a fault acted on a target as a whole: `refusing` where it did not listen, so that every
 * connection was refused, else `acting`.
 */
export interface SpanReceipt {
  readonly seq: number;
  readonly upstream: string;
  readonly kind: 'refusing' | 'acting';
  readonly at: number;
  /** When it was over; null until then. */
  endedAt: number | null;
  /** The fault, as "id:kind". */
  readonly faults: readonly string[];
}

export type Receipt = RequestReceipt | HandshakeReceipt | ConnectionReceipt | SpanReceipt;

/** Totals since the start; they are never reduced when old receipts are dropped. */
export interface ReceiptCount {
  requests: number;
  connections: number;
  handshakesFailed: number;
  open: number;
}

/** Now, in epoch milliseconds with fractions, from the monotonic clock. */

/**
 * The receipts of all upstreams under one sequence, which starts at 1.
 *
 * Only the last `capacity` (default 200 000, about 60 MB) are kept: a ring, so that adding is O(1) and
 * reading what came after a number costs no more than what is returned.
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

  /** The newest sequence number; 0 before the first receipt. */
  get last(): number {
    return this.#last;
  }

  /** How many of the oldest receipts are no longer kept. */
  get dropped(): number {
    return Math.max(0, this.#last - this.#capacity);
  }

  /** Gives the receipt of a request whose head has just arrived. */
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

  /** Gives the receipt of a connection that has just been accepted. */
  connected(upstream: string): ConnectionReceipt {
    const receipt: ConnectionReceipt = {
      ...{ seq: this.#last + 1, upstream, kind: 'connection', at: this.#now(), endedAt: null },
      ...{ faults: [], outcome: 'open', bytesToServer: 0, bytesToClient: 0 },
    };
    this.#countOf(upstream).connections++;
    this.#begin(receipt);
    return receipt;
  }

  /** Ends a receipt, once. One from before a reset is of no more interest. */
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

  /** Notes that a fault, "id:kind", acts on an upstream as a whole; to be called back when that is over. */
  span(upstream: string, kind: SpanReceipt['kind'], fault: string): () => void {
    const receipt: SpanReceipt = {
      ...{ seq: this.#last + 1, upstream, kind, at: this.#now(), endedAt: null, faults: [fault] },
    };
    this.#add(receipt);
    return () => {
      receipt.endedAt = this.#now();
      this.#addEnded(receipt);
    };
  }

  /** Notes that a client and this upstream did not agree on a TLS session. */
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

  /** The kept receipts with a sequence number above `seq`, oldest first; of one upstream if it is named. */
  after(seq: number, upstream?: string): Receipt[] {
    const found: Receipt[] = [];
    for (let next = Math.max(seq, this.dropped) + 1; next <= this.#last; next++) {
      const receipt = this.#ring[(next - 1) % this.#capacity];
      if (receipt && (upstream === undefined || receipt.upstream === upstream)) found.push(receipt);
    }
    return found;
  }

  /**
   * The kept receipts that ended after the `position`-th, in the order of their ends, at most `most`; of one upstream if
   * it is named. `position` is that of the last one looked at: with it the next call goes on.
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

  /** Calls back when a receipt has ended; returns what stops that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Forgets everything, and counts from 0; only positions of ends go on, for those who watch. */
  reset(): void {
    this.#ring = [];
    this.#ended = [];
    this.#open = new Set();
    this.#counts.clear();
    this.#last = 0;
    this.#endedKeptFrom = this.#lastEnded + 1;
  }

  /** Totals of one upstream, or of all. */
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
