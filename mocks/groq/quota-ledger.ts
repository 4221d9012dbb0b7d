import { LeakyBucket } from './leaky-bucket.ts';
import { type GroqSettings, type QuotaName, quotasOf } from './settings.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

// In the order in which they are looked at.
const RULES = [
  { name: 'rpm', windowMs: MINUTE, counts: 'requests', title: 'requests per minute (RPM)' },
  { name: 'rpd', windowMs: DAY, counts: 'requests', title: 'requests per day (RPD)' },
  { name: 'tpm', windowMs: MINUTE, counts: 'tokens', title: 'tokens per minute (TPM)' },
  { name: 'tpd', windowMs: DAY, counts: 'tokens', title: 'tokens per day (TPD)' },
] as const;

/** Whose quotas a request uses. */
export interface QuotaScope {
  readonly organisation: string;
  readonly model: string;
  readonly tier: string;
}

/** Why a request was refused; `waitMs` is until it has room, and absent where it never will. */
export interface QuotaRefusal extends QuotaScope {
  readonly counts: 'requests' | 'tokens';
  readonly title: string;
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
  readonly waitMs?: number;
}

type Buckets = Readonly<Record<QuotaName, LeakyBucket>>;

/** What every organisation has used of every model, and of the flex tier's room. All its keys share it. */
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

  /** Whether the flex tier has room for one more request; if so it is taken. */
  admitFlex(): boolean {
    const now = this.#now();
    if (!this.#flex) return true;
    if (this.#flex.limit === 0 || this.#flex.waitMs(1, now) > 0) return false;
    this.#flex.take(1, now);
    return true;
  }

  /**
   * Admits a request that asks for `requested` tokens (its prompt, and as many as the reply may have) and takes the
   * `used` ones that it really has. A refused request takes nothing.
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

  /** What the `x-ratelimit-*` headers tell: the requests of the day, the tokens of the minute; times in milliseconds. */
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
