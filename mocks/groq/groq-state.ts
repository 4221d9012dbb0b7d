import { hash } from 'node:crypto';
import { QuotaLedger } from './quota-ledger.ts';
import type { GroqSettings } from './settings.ts';

/** What the fake of Groq is told and what it remembers; its handlers share one. */
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

  /** Replaces all settings, and counts anew what was used of the quotas. */
  configure(settings: GroqSettings): void {
    this.#settings = settings;
    this.#ledger = new QuotaLedger(settings, this.now);
  }

  /** Back to what it was at the start: settings, quotas, and the ids of requests. */
  reset(): void {
    this.configure(this.#initial);
    this.#requests = 0;
  }

  /** The next request's id, without a prefix: 26 hexadecimal digits that follow from the seed and the request's number. */
  nextId(): string {
    this.#requests++;
    return hash('sha256', `${this.seed} ${this.#requests}`).slice(0, 26);
  }
}
