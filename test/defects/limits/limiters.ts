/** Number of requests per window for each client, or of tokens in its bucket. */
const MAX = 6;
const WINDOW_MS = 2_000;

/** Decides which requests of a client are allowed. */
interface Limiter {
  /** Counts a request. Returns whether it is allowed. */
  take(client: string): boolean;
  /** Takes back the count of a request. */
  giveBack(client: string): void;
}

/** Returns a limiter of the given kind. */
export const limiterFor = (window: string | undefined, defect: string | undefined): Limiter =>
  window === 'token-bucket' ? tokenBucket(BUCKETS[defect ?? ''] ?? {}) : fixedWindow();

/** Returns what `create` returns for each client, which is created with its first request. */
function perClient<State>(create: () => State): (client: string) => State {
  const states = new Map<string, State>();
  return (client) => {
    const state = states.get(client) ?? create();
    states.set(client, state);
    return state;
  };
}

/** A window begins with a client's first request. */
function fixedWindow(): Limiter {
  const windowOf = perClient(() => ({ began: Number.NEGATIVE_INFINITY, used: 0 }));
  return {
    take(client) {
      const window = windowOf(client);
      const now = performance.now();
      if (now >= window.began + WINDOW_MS) Object.assign(window, { began: now, used: 0 });
      if (window.used >= MAX) return false;
      window.used += 1;
      return true;
    },
    giveBack(client) {
      windowOf(client).used -= 1;
    },
  };
}

interface Bucket {
  size: number;
  /** Time in which a whole bucket is refilled, in milliseconds. */
  fillMs: number;
  /** Time between two refills, in milliseconds. With 0, it is refilled continuously. */
  stepMs: number;
}

/** The buckets of services with a defect. */
const BUCKETS: Readonly<Record<string, Partial<Bucket>>> = {
  'bucket-too-large': { size: MAX + 1, fillMs: (WINDOW_MS * (MAX + 1)) / MAX },
  'bucket-refilled-too-slowly': { fillMs: 1.5 * WINDOW_MS },
  'bucket-refilled-at-once': { stepMs: WINDOW_MS },
};

/** A bucket is full for a new client. */
function tokenBucket({ size = MAX, fillMs = WINDOW_MS, stepMs = 0 }: Partial<Bucket>): Limiter {
  const bucketOf = perClient(() => ({ tokens: size, filled: performance.now() }));
  return {
    take(client) {
      const bucket = bucketOf(client);
      const elapsed = performance.now() - bucket.filled;
      const counted = stepMs === 0 ? elapsed : Math.floor(elapsed / stepMs) * stepMs;
      bucket.tokens = Math.min(size, bucket.tokens + (counted * size) / fillMs);
      bucket.filled += counted;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
    giveBack(client) {
      bucketOf(client).tokens += 1;
    },
  };
}
