import type { Logger } from 'pino';
import type { Metrics } from '../../observability/metrics.ts';

/** Counts a store's failures, and logs when they start and end. */
export class StoreHealth {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  #failing = false;

  constructor(logger: Logger, metrics: Metrics) {
    this.#logger = logger;
    this.#metrics = metrics;
  }

  succeeded(): void {
    if (this.#failing) this.#logger.info('the rate limit store recovered');
    this.#failing = false;
  }

  failed(error: unknown): void {
    this.#metrics.rateLimitStoreFailures.inc();
    if (!this.#failing) this.#logger.warn({ err: error }, '⚠️ the rate limit store failed');
    this.#failing = true;
  }
}
