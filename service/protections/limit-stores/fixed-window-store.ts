import type { ClientRateLimitInfo, Store } from 'express-rate-limit';
import { type Clock, dateIn } from '../../base/clock.ts';
import { networkOf } from '../../http/client-address.ts';
import { type Window, WindowTable } from './window-table.ts';

/**
 * Bounds of the memory. `clientsMax` windows of clients, and as many of networks, are kept: of some 200 bytes each, so by
 * default 20 MB for a limit. `onOverflow` is told of each hit that is not counted for its client alone.
 */
export interface FixedWindowOptions {
  readonly clientsMax?: number;
  readonly onOverflow?: () => void;
}

const CLIENTS_MAX = 50_000;
const EVERYBODY = 'everybody';

/**
 * Counts hits for each client in a fixed window that starts with the client's first hit (specification R2).
 *
 * Its memory is bounded, and still every hit is counted. If there is no room for another client, the hit counts for the
 * client's network ({@link networkOf}); if there is no room for another network, for all the rest together. An attacker with many
 * addresses fills the table and then shares one client's limit. Clients whose window has begun are not affected. A network's
 * window keeps its clients until it ends: no client gets a second window when room comes free.
 *
 * express-rate-limit's own MemoryStore is not used: it sweeps with `setInterval`, which overflows for windows above
 * 24.8 days and then forgets every client; it hands out its live record, so that of two hits at once both may
 * read the count of the second; and it is timed by the wall clock. This one needs no timer and hands out copies.
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
