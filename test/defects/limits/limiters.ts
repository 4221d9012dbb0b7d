/** Number of requests per window for each client, or of tokens in its bucket. */
const MAX = 6;
const WINDOW_MS = 2_000;

/** Number of requests that a client may have in progress. */
const MAX_AT_ONCE = 3;

/** Decides which requests of a client are allowed. */
interface Limiter {
  /** Counts a request. Returns whether it is allowed. */
  take(client: string): boolean;
  /** Takes back the count of a request. */
  giveBack(client: string): void;
  /** Is told when a request that was allowed has ended. */
  ended?(client: string, status: number): void;
}

/** The kinds of limiters. */
export type Kind = 'first-request' | 'weighted' | 'together' | 'token-bucket' | 'in-progress';

/** Returns a limiter of the given kind. */
export function limiterFor(kind: string | undefined, defect: string | undefined): Limiter {
  switch (kind) {
    case 'token-bucket':
      return tokenBucket(BUCKETS[defect ?? ''] ?? {});
    case 'weighted':
      return weighted(defect);
    case 'in-progress':
      return atOnce(defect);
    case 'together':
      return together(defect);
    default:
      return fixedWindow();
  }
}

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

/** A single window for all clients. With a defect, each client has one, or its first request does not count. */
function together(defect: string | undefined): Limiter {
  const window = fixedWindow();
  const known = new Set<string>();
  return {
    take(client) {
      if (defect === 'limit-for-each-client') return window.take(client);
      const isNew = !known.has(client);
      known.add(client);
      return (isNew && defect === 'first-request-of-each-client-free') || window.take('all');
    },
    giveBack: () => window.giveBack('all'),
  };
}

/** Returns the share of the previous window that counts in a weighted window, of which a share has passed. */
function previousShare(passed: number, defect: string | undefined): number {
  if (defect === 'previous-window-forgotten') return 0;
  return defect === 'previous-window-counts-fully' ? 1 : 1 - passed;
}

/** Windows follow the clock, and a share of the previous one counts. */
function weighted(defect: string | undefined): Limiter {
  const countsOf = perClient(() => ({ window: 0, used: 0, before: 0 }));
  return {
    take(client) {
      const counts = countsOf(client);
      const now = Date.now() / WINDOW_MS;
      const window = Math.floor(now);
      if (window > counts.window) {
        Object.assign(counts, { window, used: 0, before: window === counts.window + 1 ? counts.used : 0 });
      }
      const isAllowed = Math.floor(counts.before * previousShare(now - window, defect) + counts.used) < MAX;
      if (isAllowed || defect === 'refused-requests-count') counts.used += 1;
      return isAllowed;
    },
    giveBack(client) {
      countsOf(client).used -= 1;
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
  'bucket-refilled-10-percent-too-fast': { fillMs: WINDOW_MS / 1.1 },
  'bucket-refilled-10-percent-too-slowly': { fillMs: WINDOW_MS / 0.9 },
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

/** Counts the requests in progress. */
function atOnce(defect: string | undefined): Limiter {
  const max = defect === 'one-request-too-many-at-once' ? MAX_AT_ONCE + 1 : MAX_AT_ONCE;
  const slotsOf = perClient(() => ({ used: 0 }));
  const slots = (client: string) => slotsOf(defect === 'slots-of-all-clients-together' ? 'all' : client);
  return {
    take(client) {
      if (slots(client).used >= max) return false;
      slots(client).used += 1;
      return true;
    },
    giveBack: () => {},
    ended(client, status) {
      if (defect !== 'slots-of-failed-requests-lost' || status < 500) slots(client).used -= 1;
    },
  };
}
