import { setTimeout as pause } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import { systemClock } from '../../../service/base/clock.ts';
import { ServiceError } from '../../../service/base/errors.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createRateLimiter, noRateLimit } from '../../../service/protections/rate-limit.ts';
import { caughtBy, runNamed } from '../defect.ts';
import {
  changeError,
  eachLimiter,
  watchQueries,
  withLimiter,
  withParts,
  withQueryErrors,
  withSettings,
  withStore,
} from '../run-with.ts';

const REFUSED_MS = 1_000;

const BLOCKED_MS = 5;

function block(): void {
  const until = performance.now() + BLOCKED_MS;
  while (performance.now() < until);
}

const blocking =
  (limiter: RequestHandler): RequestHandler =>
  (request, response, next) => {
    response.once('finish', () => {
      if (response.statusCode === 429) block();
    });
    limiter(request, response, next);
  };

const MOST = 1_000;

class ForgetfulStore extends FixedWindowStore {
  readonly #keys = new Set<string>();

  override increment(key: string) {
    if (this.#keys.size >= MOST && !this.#keys.has(key)) {
      for (const known of this.#keys) this.resetKey(known);
      this.#keys.clear();
    }
    this.#keys.add(key);
    return super.increment(key);
  }
}

const OFF_MS = 10_000;

class RestartingWindow extends FixedWindowStore {
  override increment(key: string) {
    const hits = this.get(key)?.totalHits ?? 0;
    this.resetKey(key);
    for (let hit = 0; hit < hits; hit += 1) super.increment(key);
    return super.increment(key);
  }
}

const MOST_MS = 10_000;

class ShortWindows extends FixedWindowStore {
  readonly #shorterByMs: number;

  constructor(windowMs: number) {
    const length = Math.min(windowMs, MOST_MS);
    super(length, systemClock);
    this.#shorterByMs = windowMs - length;
  }

  override increment(key: string) {
    const { totalHits, resetTime } = super.increment(key);
    return { totalHits, resetTime: new Date(Number(resetTime) + this.#shorterByMs) };
  }
}

/** A store for all limits. */
const store = new FixedWindowStore(2_000, systemClock);

export const defects = [
  ...caughtBy('stress/header-truth', 'rate-limit-header-truth', {
    // The answers of one endpoint have no rate-limit headers.
    'rate-limit-headers-missing': {
      check: 'headers are correct: draft-7, health',
      says: 'The headers are missing',
      run: withLimiter(
        'health',
        (limiter) => (request, response, next) =>
          limiter(request, response, (error?: unknown) => {
            for (const name of ['RateLimit', 'RateLimit-Policy']) response.removeHeader(name);
            next(error);
          }),
      ),
    },
    // The reset in the headers is always the full length of the window.
    'reset-told-as-a-whole-window': {
      check: 'headers are correct: draft-7, health',
      run: withLimiter(
        'health',
        (limiter, _parts, { rateLimits }) =>
          (request, response, next) =>
            limiter(request, response, (error?: unknown) => {
              const reset = (rateLimits.health[0]?.windowMs ?? 0) / 1_000;
              const header = String(response.getHeader('RateLimit'));
              response.setHeader('RateLimit', header.replace(/(?<=reset=)\d+/, String(reset)));
              next(error);
            }),
      ),
    },
  }),
  ...caughtBy('stress/identity', 'rate-limit-identity', {
    // A path with a trailing slash or in upper case has its own counter.
    'limiter-counts-each-spelling': {
      check: 'forged identities gain nothing: activities-suggest',
      run: withLimiter('activitiesSuggest', (_limiter, _parts, { rateLimits }) => {
        const spelled = new Map<string, RequestHandler>();
        return (request, response, next) => {
          const path = request.originalUrl.split('?')[0] ?? '';
          const limiter =
            spelled.get(path) ?? createRateLimiter({ limits: rateLimits.activitiesSuggest, clock: systemClock });
          spelled.set(path, limiter);
          limiter(request, response, next);
        };
      }),
    },
    // HEAD requests are not counted.
    'limiter-exempts-head': {
      check: 'forged identities gain nothing: metrics',
      run: withLimiter(
        'metrics',
        (limiter) => (request, response, next) =>
          request.method === 'HEAD' ? next() : limiter(request, response, next),
      ),
    },
    // A request that claims to be internal is not counted.
    'limiter-exempts-internal-requests': {
      check: 'forged identities gain nothing: conversation-read',
      says: 'X-Internal-Request',
      run: withLimiter(
        'conversationsRead',
        (limiter) => (request, response, next) =>
          request.headers['x-internal-request'] ? next() : limiter(request, response, next),
      ),
    },
    // The probes of an orchestrator are not counted, no matter who claims to be one.
    'limiter-exempts-probes': {
      check: 'forged identities gain nothing: conversation-read',
      says: 'User-Agent are exempt from the limit: kube-probe/1.32.',
      run: withLimiter(
        'conversationsRead',
        (limiter) => (request, response, next) =>
          request.headers['user-agent']?.startsWith('kube-probe/') ? next() : limiter(request, response, next),
      ),
    },
    // X-Forwarded-For is trusted, no matter who sends it.
    'limiter-trusts-forwarded-for': {
      check: 'forged identities gain nothing: conversation-end',
      says: 'exempts it from the limit: X-Forwarded-For: 203.0.113.7;',
      run: withSettings({ TRUST_PROXY_HOPS: '1' }),
    },
    // A client address in a proxy vendor's header is trusted, no matter who sends it.
    'limiter-trusts-a-vendor-header': {
      check: 'forged identities gain nothing: conversation-end',
      says: 'exempts it from the limit: Fly-Client-IP.',
      run: withLimiter(
        'conversationsEnd',
        (limiter) => (request, response, next) =>
          request.headers['fly-client-ip'] ? next() : limiter(request, response, next),
      ),
    },
  }),
  ...caughtBy('stress/specified-numbers', 'rate-limit-in-a-crowd', {
    // The counters of all clients are dropped when there are more than 1,000 of them.
    'limiter-forgets-beyond-1000-clients': {
      check: 'stays used up while many other clients come: …',
      run: withStore(({ windowMs }) => new ForgetfulStore(windowMs, systemClock)),
    },
  }),
  ...caughtBy('stress/limit-benefit', 'limit-benefit', {
    // While one client is over its limit, all other clients are refused as well.
    'abuse-refused-for-everybody': {
      check: 'serves others beside an abuser',
      run: withLimiter('conversationsEnd', (limiter) => {
        let until = 0;
        return (request, response, next) => {
          if (Date.now() < until) {
            response
              .set('Retry-After', '1')
              .status(429)
              .json({ error: { code: 'rate_limited', message: 'Later.' } });
            return;
          }
          response.once('finish', () => {
            if (response.statusCode === 429) until = Date.now() + REFUSED_MS;
          });
          limiter(request, response, next);
        };
      }),
    },
  }),
  ...caughtBy('stress/limit-benefit', 'limit-benefit', {
    // The setting that switches the limits off does nothing.
    'switch-of-limits-ignored': {
      check: 'spares the work of an abuser',
      says: 'the service ignores RATE_LIMIT_ENABLED',
      run: withSettings({ RATE_LIMIT_ENABLED: 'true' }),
    },
  }),
  ...caughtBy('stress/limit-benefit', 'refusals-delay-nobody', {
    // Each refused request blocks the event loop for 5 ms.
    'limiter-blocks-for-each-refusal': {
      check: 'refused calls delay nobody: …',
      run: withParts(({ limiters }) => ({ limiters: eachLimiter(limiters, blocking) })),
    },
  }),
  ...caughtBy('stress/limit-costs', 'rate-limit-after-trouble', {
    // The limiter lets all requests through for 10 s after an upstream failed.
    'limiter-off-after-an-outage': {
      check: 'limit holds after trouble: …',
      run: withParts(({ limiters }) => {
        let offUntil = 0;
        const failing =
          (limiter: RequestHandler): RequestHandler =>
          (request, response, next) => {
            response.once('finish', () => {
              if (response.statusCode >= 500) offUntil = Date.now() + OFF_MS;
            });
            if (Date.now() < offUntil) next();
            else limiter(request, response, next);
          };
        return { limiters: eachLimiter(limiters, failing) };
      }),
    },
    // The limiter lets all requests through for 10 s after a query failed.
    'limiter-off-after-lost-connections': {
      check: 'limit holds after trouble: …',
      run: withParts(({ database, limiters }) => {
        let offUntil = 0;
        const failing =
          (limiter: RequestHandler): RequestHandler =>
          (request, response, next) =>
            Date.now() < offUntil ? next() : limiter(request, response, next);
        return {
          limiters: eachLimiter(limiters, failing),
          database: watchQueries(database, (error) => {
            offUntil = Date.now() + OFF_MS;
            return error;
          }),
        };
      }),
    },
  }),
  ...caughtBy('stress/noisy-neighbour', 'noisy-neighbour-survived', {
    // After the server had no free slot, the service keeps rejecting calls for seconds longer than its Retry-After
    // says.
    'neighbour-remembered-too-long': {
      check: 'serves again when the neighbour has left',
      run: withParts(({ database }) => {
        let until = 0;
        const watched = watchQueries(database, (error) => {
          const { code } = ((error as Error).cause ?? {}) as { code?: string };
          if (code === '53300') until = Date.now() + 5_000;
          return error;
        });
        return {
          database: {
            ...watched,
            async query(statement, values) {
              if (Date.now() < until) throw new ServiceError('database_unavailable', 'later', { retryAfterSeconds: 1 });
              return watched.query(statement, values);
            },
          },
        };
      }),
    },
    // If the server has no free slot (SQLSTATE 53300), calls are rejected only after several seconds.
    'server-without-slots-waited-for': {
      check: 'served or refused: neighbour leaves none',
      run: withQueryErrors(async (error) => {
        const { code } = ((error as Error).cause ?? {}) as { code?: string };
        if (code === '53300') await pause(3_000);
        return error;
      }),
    },
  }),
  ...caughtBy('stress/rate-limits', 'rate-limit-admits-exactly', {
    // One endpoint has no limiter.
    'limiter-off-on-one-endpoint': {
      check: 'admits exactly N: activities-suggest, first window',
      run: withLimiter('activitiesSuggest', () => noRateLimit),
    },
    // Every request restarts the window, so a client that keeps sending requests is never allowed again.
    'limiter-window-restarts-with-each-hit': {
      check: 'admits exactly N: conversation-end, second window',
      says: 'a sliding ban',
      run: withStore(({ windowMs }) => new RestartingWindow(windowMs, systemClock)),
    },
  }),
  ...caughtBy('stress/rate-limits', 'rate-limit-isolated', {
    // Requests to one endpoint also count for all others.
    'limiter-counts-all-endpoints-together': {
      check: 'other endpoints unaffected by the limit: health',
      run: withStore(() => store),
    },
    // Requests to one endpoint also count for another, although the contract does not say so.
    'limiter-shared-by-two-endpoints': {
      check: 'other endpoints unaffected by the limit: conversation-read',
      run: withLimiter(
        'conversationsRead',
        (limiter, { limiters }) =>
          (request, response, next) =>
            limiters.metrics(request, response, (error?: unknown) =>
              error ? next(error) : limiter(request, response, next),
            ),
      ),
    },
  }),
  ...caughtBy('stress/rate-limits', 'rate-limit-refuses-until-window-ends', {
    // Windows end after three quarters of their length.
    'limiter-window-ends-early': {
      check: 'refuses until the window ends: conversation-end',
      run: withStore(({ windowMs }) => new FixedWindowStore(windowMs * 0.75, systemClock)),
    },
  }),
  ...caughtBy('stress/rate-limits', 'rate-limit-retry-after', {
    // The Retry-After of a 429 is shorter than the rest of the window.
    'retry-after-too-short': {
      check: 'correct Retry-After: conversation-end',
      run: withLimiter(
        'conversationsEnd',
        (limiter) => (request, response, next) =>
          limiter(request, response, (error?: unknown) => next(changeError(error, 'rate_limited', 1))),
      ),
    },
  }),
  ...caughtBy('stress/rate-limits', 'rate-limit-refusals', {
    // The 429 of one endpoint is an empty page, as a web server sends it.
    'refusal-is-an-empty-page': {
      check: 'refusals are as promised: activities-suggest',
      says: 'with the Content-Type text/html',
      run: withLimiter(
        'activitiesSuggest',
        (limiter) => (request, response, next) =>
          limiter(request, response, (error?: unknown) => {
            if (!(error instanceof ServiceError) || error.code !== 'rate_limited') return next(error);
            response.status(error.status).set('Retry-After', String(error.retryAfterSeconds)).type('html').end();
          }),
      ),
    },
  }),
  ...caughtBy('stress/rate-limits', 'rate-limit-spares-upstreams', {
    // The limit is applied only after the request has been processed.
    'limit-after-the-work': {
      check: 'refused calls cost no upstream request: groq',
      run: withLimiter('activitiesSuggest', (limiter) => (request, response, next) => {
        const send = response.json.bind(response);
        response.json = (body) => {
          response.json = send;
          limiter(request, response, (error?: unknown) => (error ? next(error) : send(body)));
          return response;
        };
        next();
      }),
    },
  }),
  ...caughtBy('stress/replicas', 'replicas-share-limits', {
    // Each replica counts in its own memory, regardless of the configured store, so two replicas allow twice as many
    // requests.
    'limits-counted-by-each-replica': {
      check: 'replicas share the limit: conversation-end, first window',
      run: withSettings({ RATE_LIMIT_STORE: 'memory' }),
    },
  }),
  ...caughtBy('stress/specified-numbers', 'rate-limit-admits-exactly-once', {
    // A limit's default differs from the specification.
    'limit-other-than-specified': {
      check: 'admits exactly N: activities-suggest, first window',
      run: withSettings({ RATE_LIMIT_ACTIVITIES_SUGGEST: '61/minute' }),
    },
  }),
  ...caughtBy('stress/specified-numbers', 'rate-limit-holds', {
    // A window ends after 10 s at the latest, although Retry-After says its whole length.
    'window-with-a-maximum': {
      check: 'keeps refusing while watched: conversation-end',
      run: withStore(({ windowMs }) => new ShortWindows(windowMs)),
    },
  }),
  ...caughtBy('stress/specified-numbers', 'rate-limit-retry-after', {
    // A minute has 61 seconds.
    'minute-of-61-seconds': {
      check: 'correct Retry-After: conversation-read',
      says: 'the window is longer than promised',
      run: withSettings({ RATE_LIMIT_DEFAULT: '100 per 61 seconds' }),
    },
    // The default limit is per hour.
    'limits-by-the-hour': {
      check: 'correct Retry-After: conversation-read',
      run: withSettings({ RATE_LIMIT_DEFAULT: '100/hour' }),
    },
  }),
  ...caughtBy('stress/window-boundary', 'rate-limit-window-boundary', {
    // Requests in the last third of a window also count in the next window.
    'limiter-carries-late-hits-over': {
      check: 'admits exactly after the end: conversation-end',
      run: withStore(({ amount, windowMs }) => {
        const late = new Map<string, number>();
        class CarryingWindow extends FixedWindowStore {
          override increment(key: string) {
            const isNew = this.get(key) === undefined;
            const carried = isNew ? (late.get(key) ?? 0) : 0;
            for (let hit = 0; hit < carried; hit += 1) super.increment(key);
            if (isNew) late.delete(key);
            const window = super.increment(key);
            const isLate = (window.resetTime?.getTime() ?? 0) - Date.now() < windowMs / 3;
            if (isLate && window.totalHits <= amount) late.set(key, (late.get(key) ?? 0) + 1);
            return window;
          }
        }
        return new CarryingWindow(windowMs, systemClock);
      }),
    },
    // The window is sliding, although the contract promises a fixed one.
    'limiter-sliding-window': {
      check: 'admits exactly after the end: conversation-end',
      run: withStore(({ amount, windowMs }) => {
        const admissions = new Map<string, number[]>();
        class SlidingWindow extends FixedWindowStore {
          override increment(key: string) {
            const now = Date.now();
            const recent = (admissions.get(key) ?? []).filter((at) => at > now - windowMs);
            if (recent.length < amount) admissions.set(key, [...recent, now]);
            return { totalHits: recent.length + 1, resetTime: new Date((recent[0] ?? now) + windowMs) };
          }
        }
        return new SlidingWindow(windowMs, systemClock);
      }),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
