import { hash } from 'node:crypto';
import { QuotaLedger } from './quota-ledger.ts';
import type { GroqSettings } from './settings.ts';

/** The settings and usage of a fake of Groq; its handlers share one instance. */
export class GroqState {
  readonly seed: string;
  readonly now: () => number;
  readonly #initial: GroqSettings;
  #settings: GroqSettings;
  #ledger: QuotaLedger;
  #requests = 0;

  constructor({ seed, now, settings }: { seed: string; now: () => number; settings: GroqSettings }) {
    this.seed = seed;
    this.now = now;
    this.#initial = settings;
    this.#settings = settings;
    this.#ledger = new QuotaLedger(settings, now);
  }

  get settings(): GroqSettings {
    return this.#settings;
  }

  get ledger(): QuotaLedger {
    return this.#ledger;
  }

  /** Replaces all settings and resets the used quotas. */
  configure(settings: GroqSettings): void {
    this.#settings = settings;
    this.#ledger = new QuotaLedger(settings, this.now);
  }

  /** Restores the initial settings, quotas and request ids. */
  reset(): void {
    this.configure(this.#initial);
    this.#requests = 0;
  }

  /**
   * Returns the next request's id without prefix: 26 hexadecimal digits that depend on the seed and the request's
   * number.
   */
  nextId(): string {
    this.#requests++;
    return hash('sha256', `${this.seed} ${this.#requests}`).slice(0, 26);
  }
}
