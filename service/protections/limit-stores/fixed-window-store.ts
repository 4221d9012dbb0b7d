import type { ClientRateLimitInfo, Store } from 'express-rate-limit';
import { type Clock, dateIn } from '../../base/clock.ts';
import { networkOf } from '../../http/client-address.ts';
import { type Window, WindowTable } from './window-table.ts';

/**
 * Options for a {@link FixedWindowStore}.
 *
 * - `clientsMax` is the maximum number of client windows, and of network windows. Each takes about 200 bytes, so the
 *   default limits the memory to 20 MB per rate limit.
 * - `onOverflow` is called for each hit that is not counted for its client alone.
 */
export interface FixedWindowOptions {
  readonly clientsMax?: number;
  readonly onOverflow?: () => void;
}

const CLIENTS_MAX = 50_000;
const EVERYBODY = 'everybody';

/**
 * Counts each client's hits in a fixed window that starts with the client's first hit.
 *
 * Memory is bounded, but every hit is counted. If there is no room for another client, the hit counts for its network
 * ({@link networkOf}). If there is no room for another network either, all remaining clients share one counter. An
 * attacker with many addresses thus fills the table and then shares a single client's limit, while clients that already
 * have a window are not affected. A client that was counted with its network stays there until that window ends, so
 * that it does not get a second window when room becomes available.
 *
 * express-rate-limit's MemoryStore is not suitable. It cleans up with `setInterval`, which overflows for windows above
 * 24.8 days and then forgets every client. It returns its live record, so two concurrent hits may both read the count
 * of the second one. It also uses the wall clock. This store needs no timer and returns copies.
 */
export class FixedWindowStore implements Store {
  readonly localKeys = true;
  readonly #clients: WindowTable;
  readonly #networks: WindowTable;
  readonly #rest: WindowTable;
  readonly #clock: Clock;
  readonly #onOverflow: () => void;

  constructor(windowMs: number, clock: Clock, { clientsMax = CLIENTS_MAX, onOverflow }: FixedWindowOptions = {}) {
    this.#clients = new WindowTable(windowMs, clientsMax);
    this.#networks = new WindowTable(windowMs, clientsMax);
    this.#rest = new WindowTable(windowMs, 1);
    this.#clock = clock;
    this.#onOverflow = onOverflow ?? (() => {});
  }

  increment(key: string): ClientRateLimitInfo {
    const now = this.#clock.now();
    const window = this.#find(key, now) ?? this.#open(key, now);
    window.hits += 1;
    if (this.#clients.get(key, now) === undefined) this.#onOverflow();
    return describe(window, now);
  }

  get(key: string): ClientRateLimitInfo | undefined {
    const now = this.#clock.now();
    const window = this.#find(key, now);
    return window && describe(window, now);
  }

  decrement(key: string): void {
    const window = this.#find(key, this.#clock.now());
    if (window && window.hits > 0) window.hits -= 1;
  }

  resetKey(key: string): void {
    this.#clients.delete(key);
  }

  #find(key: string, now: number): Window | undefined {
    return this.#clients.get(key, now) ?? this.#networks.get(networkOf(key), now) ?? this.#rest.get(EVERYBODY, now);
  }

  #open(key: string, now: number): Window {
    const window =
      this.#clients.open(key, now) ?? this.#networks.open(networkOf(key), now) ?? this.#rest.open(EVERYBODY, now);
    return window as Window;
  }
}

const describe = ({ hits, endsAt }: Window, now: number): ClientRateLimitInfo => ({
  totalHits: hits,
  resetTime: dateIn(endsAt - now),
});
