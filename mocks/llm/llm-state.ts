import { hash } from 'node:crypto';
import { type Catalogue, type LlmModel, servedModels } from './catalogue.ts';
import { QuotaLedger, type QuotaRule, type QuotaScope } from './quota-ledger.ts';
import { type LlmSettings, quotaOf } from './settings.ts';

/** The initial state of a provider's fake. */
export interface LlmOptions<Settings, Model extends LlmModel> {
  readonly seed: string;
  /** Returns the time in milliseconds since the epoch. */
  readonly now: () => number;
  readonly settings: Settings;
  readonly catalogue: Catalogue<Model>;
  readonly rules: readonly QuotaRule[];
  /** Returns the quota multiplier for a service tier. Defaults to 1. */
  readonly tierFactor?: (tier: string) => number;
}

/** The settings and usage of a fake. All of its handlers share one instance. */
export class LlmState<Settings extends LlmSettings & { flexCapacity?: number | null }, Model extends LlmModel> {
  readonly seed: string;
  readonly now: () => number;
  readonly #options: LlmOptions<Settings, Model>;
  #settings: Settings;
  #ledger: QuotaLedger;
  #models: ReadonlyMap<string, Model>;
  #requests = 0;

  constructor(options: LlmOptions<Settings, Model>) {
    this.seed = options.seed;
    this.now = options.now;
    this.#options = options;
    this.#settings = options.settings;
    this.#ledger = this.#newLedger();
    this.#models = servedModels(options.catalogue, options.settings.models);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get ledger(): QuotaLedger {
    return this.#ledger;
  }

  /** The served models by ID. */
  get models(): ReadonlyMap<string, Model> {
    return this.#models;
  }

  /** Replaces all settings and resets quota usage. */
  configure(settings: Settings): void {
    this.#settings = settings;
    this.#ledger = this.#newLedger();
    this.#models = servedModels(this.#options.catalogue, settings.models);
  }

  /** Restores the initial settings, quotas and request IDs. */
  reset(): void {
    this.configure(this.#options.settings);
    this.#requests = 0;
  }

  /**
   * Returns the next request ID without its prefix: 26 hexadecimal digits that depend on the seed and the request
   * number.
   */
  nextId(): string {
    this.#requests++;
    return hash('sha256', `${this.seed} ${this.#requests}`).slice(0, 26);
  }

  #newLedger(): QuotaLedger {
    const settings = this.#settings;
    const { rules, now, tierFactor = () => 1 } = this.#options;
    const limitOf = ({ organisation, model, tier }: QuotaScope, { name, limit }: QuotaRule) =>
      (quotaOf(settings, { organisation, model, name }) ?? limit) * tierFactor(tier);
    return new QuotaLedger({ rules, limitOf, flexCapacity: settings.flexCapacity ?? null, now });
  }
}
