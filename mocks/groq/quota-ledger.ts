import { LeakyBucket } from './leaky-bucket.ts';
import { type GroqSettings, type QuotaName, quotasOf } from './settings.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

// In the order in which they are checked.
const RULES = [
  { name: 'rpm', windowMs: MINUTE, counts: 'requests', title: 'requests per minute (RPM)' },
  { name: 'rpd', windowMs: DAY, counts: 'requests', title: 'requests per day (RPD)' },
  { name: 'tpm', windowMs: MINUTE, counts: 'tokens', title: 'tokens per minute (TPM)' },
  { name: 'tpd', windowMs: DAY, counts: 'tokens', title: 'tokens per day (TPD)' },
] as const;

/** The quotas that a request uses. */
export interface QuotaScope {
  readonly organisation: string;
  readonly model: string;
  readonly tier: string;
}

/** A refusal. `waitMs` is the time until the request fits; absent if it never will. */
export interface QuotaRefusal extends QuotaScope {
  readonly counts: 'requests' | 'tokens';
  readonly title: string;
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
  readonly waitMs?: number;
}

type Buckets = Readonly<Record<QuotaName, LeakyBucket>>;

/** The usage of every organisation and model, and of the flex tier. All keys of an organisation share it. */
export class QuotaLedger {
  readonly #settings: GroqSettings;
  readonly #now: () => number;
  readonly #flex: LeakyBucket | undefined;
  readonly #byScope = new Map<string, Buckets>();

  /** `now` is the clock in epoch milliseconds. */
  constructor(settings: GroqSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
    if (settings.flexCapacity !== null) this.#flex = new LeakyBucket(settings.flexCapacity, MINUTE);
  }

  /** Takes one request of the flex tier's capacity; returns false if there is none left. */
  admitFlex(): boolean {
    const now = this.#now();
    if (!this.#flex) return true;
    if (this.#flex.limit === 0 || this.#flex.waitMs(1, now) > 0) return false;
    this.#flex.take(1, now);
    return true;
  }

  /**
   * Admits a request that reserves `requested` tokens (those of the prompt and the maximum of the reply), and takes the
   * `used` ones. A refused request takes nothing.
   */
  admit(scope: QuotaScope, { requested, used }: { requested: number; used: number }): QuotaRefusal | undefined {
    const now = this.#now();
    const buckets = this.#bucketsOf(scope);
    for (const { name, counts, title } of RULES) {
      const bucket = buckets[name];
      const amount = counts === 'tokens' ? requested : 1;
      const waitMs = bucket.waitMs(amount, now);
      if (waitMs === 0) continue;
      const why = {
        ...scope,
        counts,
        title,
        limit: bucket.limit,
        used: Math.ceil(bucket.used(now)),
        requested: amount,
      };
      return amount > bucket.limit ? why : { ...why, waitMs };
    }
    for (const { name, counts } of RULES) buckets[name].take(counts === 'tokens' ? used : 1, now);
    return undefined;
  }

  /**
   * The values of the `x-ratelimit-*` headers: the requests of the day, the tokens of the minute; times in
   * milliseconds.
   */
  standing(scope: QuotaScope) {
    const now = this.#now();
    const { rpd, tpm } = this.#bucketsOf(scope);
    const tell = (bucket: LeakyBucket) => ({
      limit: bucket.limit,
      remaining: bucket.remaining(now),
      resetMs: bucket.resetMs(now),
    });
    return { requests: tell(rpd), tokens: tell(tpm) };
  }

  #bucketsOf({ organisation, model, tier }: QuotaScope): Buckets {
    const key = `${organisation} ${model} ${tier}`;
    let buckets = this.#byScope.get(key);
    if (!buckets) {
      const quotas = quotasOf(this.#settings, organisation, model, tier);
      buckets = Object.fromEntries(
        RULES.map(({ name, windowMs }) => [name, new LeakyBucket(quotas[name], windowMs)]),
      ) as unknown as Buckets;
      this.#byScope.set(key, buckets);
    }
    return buckets;
  }
}
