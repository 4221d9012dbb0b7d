import { hash } from 'node:crypto';
import { epochNow } from '../../engine/base/epoch-clock.ts';
import {
  type ConnectionReceipt,
  type HandshakeReceipt,
  type Receipt,
  type RedirectedReceipt,
  type RequestReceipt,
  routeOf,
  type SpanReceipt,
  type StrayReceipt,
  type UnusedReceipt,
} from './receipt.ts';

/** Totals since the start or the last reset. They include receipts that are no longer kept. */
export interface ReceiptCount {
  requests: number;
  connections: number;
  handshakesFailed: number;
  closedUnused: number;
  open: number;
}

interface MoreAboutRequest {
  readonly connection?: number | undefined;
  readonly traceparent?: string | undefined;
  readonly credentials?: string[];
  readonly key?: string | undefined;
}

/** The header's form (W3C Trace Context), with the IDs of the trace and of the caller's span. */
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/;

/**
 * Stores the receipts of all upstreams. They are numbered in a single sequence that starts at 1.
 *
 * Only the last `capacity` receipts (default 200,000, 70 to 130 MB) are kept in a ring. Adding is O(1), and reading
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

  /** The latest sequence number, or 0 before the first receipt. */
  get last(): number {
    return this.#last;
  }

  /** Number of receipts that are no longer kept. */
  get dropped(): number {
    return Math.max(0, this.#last - this.#capacity);
  }

  /**
   * Adds a receipt for a request whose head has arrived, or for a call to a TCP server, which has a name and an empty
   * target.
   *
   * @param more The number of the HTTP connection, the value of the header `traceparent`, the headers with credentials,
   * and the idempotency key, if they are known.
   */
  open(
    upstream: string,
    method: string,
    target: string,
    { connection, traceparent, credentials = [], key }: MoreAboutRequest = {},
  ): RequestReceipt {
    const [, trace, parent] = TRACEPARENT.exec(traceparent ?? '') ?? [];
    const receipt: RequestReceipt = {
      seq: this.#last + 1,
      upstream,
      kind: 'request',
      at: this.#now(),
      endedAt: null,
      method,
      path: target,
      route: routeOf(method, target),
      faults: [],
      ...(connection !== undefined && { connection }),
      ...(trace !== undefined && parent !== undefined && { trace, parent }),
      ...(credentials.length > 0 && { credentials }),
      ...(key !== undefined && { key: hash('sha256', key).slice(0, 12) }),
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

  /** Ends a receipt. If it was created before a reset, it is no longer counted. */
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

  /** Adds the receipt for a failed TLS handshake. */
  handshakeFailed(upstream: string, error: string): void {
    this.#countOf(upstream).handshakesFailed++;
    this.#addMoment({ seq: this.#last + 1, upstream, kind: 'handshake-failed', at: this.#now(), error });
  }

  /** Adds the receipt for a connection that its client closed after the TLS handshake, without having sent anything. */
  closedUnused(upstream: string): void {
    this.#countOf(upstream).closedUnused++;
    this.#addMoment({ seq: this.#last + 1, upstream, kind: 'closed-unused', at: this.#now() });
  }

  /** Adds the receipt for a request that followed a redirect to another host. */
  redirected(
    upstream: string,
    {
      credentials = [],
      ...request
    }: Pick<RedirectedReceipt, 'method' | 'path' | 'over'> & Pick<MoreAboutRequest, 'credentials'>,
  ): void {
    this.#addMoment({
      seq: this.#last + 1,
      upstream,
      kind: 'redirected',
      at: this.#now(),
      ...request,
      ...(credentials.length > 0 && { credentials }),
    });
  }

  /** Adds the receipt for a call through the proxy that reached no upstream. `address` is its host and port. */
  strayed(address: string, why: StrayReceipt['why']): void {
    this.#addMoment({ seq: this.#last + 1, upstream: address, kind: 'stray', at: this.#now(), why });
  }

  /** Returns the kept receipts after sequence number `seq`, oldest first, optionally for a single upstream. */
  after(seq: number, upstream?: string): Receipt[] {
    const found: Receipt[] = [];
    for (let next = Math.max(seq, this.dropped) + 1; next <= this.#last; next++) {
      const receipt = this.#ring[(next - 1) % this.#capacity];
      if (receipt && (upstream === undefined || receipt.upstream === upstream)) found.push(receipt);
    }
    return found;
  }

  /**
   * Returns up to `most` kept receipts that ended after `position`, in the order in which they ended, optionally for a
   * single upstream. Pass the returned `position` to the next call.
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

  /** Calls `watcher` whenever a receipt ends. Returns a function that stops this. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Deletes all receipts and restarts the sequence. The positions of ended receipts continue, so that watchers can
   * carry on.
   */
  reset(): void {
    this.#ring = [];
    this.#ended = [];
    this.#open = new Set();
    this.#counts.clear();
    this.#last = 0;
    this.#endedKeptFrom = this.#lastEnded + 1;
  }

  /** Returns the totals for one upstream or for all of them. */
  count(upstream?: string): ReceiptCount {
    const total: ReceiptCount = { requests: 0, connections: 0, handshakesFailed: 0, closedUnused: 0, open: 0 };
    for (const [name, count] of this.#counts) {
      if (upstream !== undefined && name !== upstream) continue;
      total.requests += count.requests;
      total.connections += count.connections;
      total.handshakesFailed += count.handshakesFailed;
      total.closedUnused += count.closedUnused;
      total.open += count.open;
    }
    return total;
  }

  #begin(receipt: RequestReceipt | ConnectionReceipt): void {
    this.#countOf(receipt.upstream).open++;
    this.#open.add(receipt);
    this.#add(receipt);
  }

  /** Adds a receipt that has no end. */
  #addMoment(receipt: HandshakeReceipt | UnusedReceipt | RedirectedReceipt | StrayReceipt): void {
    this.#add(receipt);
    this.#addEnded(receipt);
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
      count = { requests: 0, connections: 0, handshakesFailed: 0, closedUnused: 0, open: 0 };
      this.#counts.set(upstream, count);
    }
    return count;
  }
}
