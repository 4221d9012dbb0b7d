import { LeakyBucket } from './leaky-bucket.ts';

/** A minute and a day, in milliseconds. */
export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** A kind of quota: how much of something is allowed per window. */
export interface QuotaRule {
  /** The name in the settings, for example `rpm`. */
  readonly name: string;
  readonly windowMs: number;
  /** The unit, for example `requests` or `tokens`. This is a key of `Amounts`. */
  readonly counts: string;
  /** The default limit. */
  readonly limit: number;
}

/** The quotas that a request uses. */
export interface QuotaScope {
  readonly organisation: string;
  readonly model: string;
  readonly tier: string;
}

/** Amounts, keyed by what is counted. Missing amounts are 0. */
export type Amounts = Readonly<Record<string, number>>;

/** A rejection. `waitMs` is the time until the request fits into the quota. It is absent if the request never will. */
export interface QuotaRefusal extends QuotaScope {
  readonly rule: QuotaRule;
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
  readonly waitMs?: number;
}

/** The state of a quota. */
export interface Standing {
  readonly limit: number;
  readonly remaining: number;
  /** Number of milliseconds until the quota is completely unused again. */
  readonly resetMs: number;
}

export interface LedgerOptions {
  /** The quotas in the order in which they are checked. */
  readonly rules: readonly QuotaRule[];
  readonly limitOf: (scope: QuotaScope, rule: QuotaRule) => number;
  /** Requests per minute in the flex tier, or null if there is no limit. */
  readonly flexCapacity: number | null;
  /** Returns the time in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Tracks the usage of every organization and model, and of the flex tier. All keys of an organization share its usage.
 */
export class QuotaLedger {
  readonly #options: LedgerOptions;
  readonly #flex: LeakyBucket | undefined;
  readonly #byScope = new Map<string, LeakyBucket[]>();

  constructor(options: LedgerOptions) {
    this.#options = options;
    if (options.flexCapacity !== null) this.#flex = new LeakyBucket(options.flexCapacity, MINUTE);
  }

  /** Uses up one request of the flex tier's capacity. Returns false if there is none left. */
  admitFlex(): boolean {
    const now = this.#options.now();
    if (!this.#flex) return true;
    if (this.#flex.limit === 0 || this.#flex.waitMs(1, now) > 0) return false;
    this.#flex.take(1, now);
    return true;
  }

  /**
   * Allows a request if the `requested` amounts fit (for example, the prompt's tokens plus the reply's maximum). An
   * allowed request uses up the `used` amounts, and a rejected one uses up nothing.
   */
  admit(scope: QuotaScope, { requested, used }: { requested: Amounts; used: Amounts }): QuotaRefusal | undefined {
    const now = this.#options.now();
    const buckets = this.#bucketsOf(scope);
    for (const [index, bucket] of buckets.entries()) {
      const rule = this.#options.rules[index] as QuotaRule;
      const amount = requested[rule.counts] ?? 0;
      const waitMs = bucket.waitMs(amount, now);
      if (waitMs === 0) continue;
      const used = Math.ceil(bucket.used(now));
      const refusal = { ...scope, rule, limit: bucket.limit, used, requested: amount };
      return amount > bucket.limit ? refusal : { ...refusal, waitMs };
    }
    for (const [index, bucket] of buckets.entries()) {
      bucket.take(used[this.#options.rules[index]?.counts ?? ''] ?? 0, now);
    }
    return undefined;
  }

  /** Returns the state of each quota by name. */
  standing(scope: QuotaScope): Record<string, Standing> {
    const now = this.#options.now();
    const states: Record<string, Standing> = {};
    for (const [index, bucket] of this.#bucketsOf(scope).entries()) {
      const state = { limit: bucket.limit, remaining: bucket.remaining(now), resetMs: bucket.resetMs(now) };
      states[this.#options.rules[index]?.name ?? ''] = state;
    }
    return states;
  }

  #bucketsOf(scope: QuotaScope): LeakyBucket[] {
    const key = `${scope.organisation} ${scope.model} ${scope.tier}`;
    let buckets = this.#byScope.get(key);
    if (!buckets) {
      const { rules, limitOf } = this.#options;
      buckets = rules.map((rule) => new LeakyBucket(limitOf(scope, rule), rule.windowMs));
      this.#byScope.set(key, buckets);
    }
    return buckets;
  }
}
