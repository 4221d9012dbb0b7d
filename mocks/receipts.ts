/** How a request ended; `open` while it has not. */
export type Outcome = 'open' | 'answered' | 'reset' | 'hung' | 'cut' | 'client-gone';

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

export type Receipt = RequestReceipt | HandshakeReceipt;

/** Totals since the start; they are never reduced when old receipts are dropped. */
export interface ReceiptCount {
  requests: number;
  handshakesFailed: number;
  open: number;
}

/** Now, in epoch milliseconds with fractions, from the monotonic clock. */
const epochMilliseconds = (): number => performance.timeOrigin + performance.now();

/**
 * The receipts of all upstreams under one sequence, which starts at 1.
 *
 * Only the last `capacity` (default 200 000, about 60 MB) are kept: a ring, so that adding is O(1) and
 * reading what came after a number costs no more than what is returned.
 */
export class Receipts {
  readonly #capacity: number;
  readonly #now: () => number;
  readonly #ring: Receipt[] = [];
  readonly #counts = new Map<string, ReceiptCount>();
  #last = 0;

  constructor({ capacity = 200_000, now = epochMilliseconds }: { capacity?: number; now?: () => number } = {}) {
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
    const count = this.#countOf(upstream);
    count.requests++;
    count.open++;
    this.#add(receipt);
    return receipt;
  }

  /** Ends a receipt, once. */
  end(receipt: RequestReceipt, outcome: Exclude<Outcome, 'open'>): void {
    receipt.endedAt = this.#now();
    receipt.outcome = outcome;
    this.#countOf(receipt.upstream).open--;
  }

  /** Notes that a client and this upstream did not agree on a TLS session. */
  handshakeFailed(upstream: string, error: string): void {
    this.#countOf(upstream).handshakesFailed++;
    this.#add({ seq: this.#last + 1, upstream, kind: 'handshake-failed', at: this.#now(), error });
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

  /** Totals of one upstream, or of all. */
  count(upstream?: string): ReceiptCount {
    const total: ReceiptCount = { requests: 0, handshakesFailed: 0, open: 0 };
    for (const [name, count] of this.#counts) {
      if (upstream !== undefined && name !== upstream) continue;
      total.requests += count.requests;
      total.handshakesFailed += count.handshakesFailed;
      total.open += count.open;
    }
    return total;
  }

  #add(receipt: Receipt): void {
    this.#last = receipt.seq;
    this.#ring[(receipt.seq - 1) % this.#capacity] = receipt;
  }

  #countOf(upstream: string): ReceiptCount {
    let count = this.#counts.get(upstream);
    if (!count) {
      count = { requests: 0, handshakesFailed: 0, open: 0 };
      this.#counts.set(upstream, count);
    }
    return count;
  }
}
