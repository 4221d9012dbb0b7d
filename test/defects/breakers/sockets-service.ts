/**
 * A service with a breaker in front of a cache and one in front of its database (see sockets.ts). The argument is a
 * defect. Without it, the service is correct.
 */
import { createServer } from 'node:http';
import { createClient } from '@redis/client';
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  handleWhen,
  type IBreaker,
  noop,
} from 'cockatiel';
import pg from 'pg';

const { PORT, CACHE, DATABASE_URL, BREAKERS } = process.env;
const [, , DEFECT] = process.argv;

const THRESHOLD = 4;
const RECOVERY_MS = 2_000;
const TIMEOUT_MS = 1_000;
const TIMEOUT = 'timeout';

/** The breakers that defects replace, by the name of the defect. */
const DEFECTS: Readonly<Record<string, { name: string; breaker: IBreaker }>> = {
  'cache-breaker-never-opens': { name: 'cache', breaker: new ConsecutiveBreaker(Number.POSITIVE_INFINITY) },
  'cache-breaker-opens-one-late': { name: 'cache', breaker: new ConsecutiveBreaker(THRESHOLD + 1) },
  'store-breaker-never-opens': { name: 'store', breaker: new ConsecutiveBreaker(Number.POSITIVE_INFINITY) },
  'store-breaker-opens-one-late': { name: 'store', breaker: new ConsecutiveBreaker(THRESHOLD + 1) },
};

function breakerOf(name: string) {
  if (BREAKERS === 'off') return noop;
  const defect = DEFECTS[DEFECT ?? ''];
  const breaker = defect?.name === name ? defect.breaker : new ConsecutiveBreaker(THRESHOLD);
  const isBlind = DEFECT === `${name}-breaker-ignores-timeouts`;
  const failures = isBlind ? handleWhen((error) => (error as Error).message !== TIMEOUT) : handleAll;
  const policy = circuitBreaker(failures, { halfOpenAfter: RECOVERY_MS, breaker });
  policy.onBreak(() => console.log(`${name} open`));
  policy.onHalfOpen(() => console.log(`${name} half-open`));
  policy.onReset(() => console.log(`${name} closed`));
  return policy;
}

// Without the timeout, the client would send commands whose callers have given up when it is connected again.
const cache = createClient({
  url: `redis://${CACHE}`,
  socket: { reconnectStrategy: () => 10 },
  commandOptions: { timeout: TIMEOUT_MS },
});
cache.on('error', () => {});
await cache.connect();

const database = new pg.Pool({
  connectionString: DATABASE_URL,
  max: 30,
  connectionTimeoutMillis: TIMEOUT_MS,
  query_timeout: TIMEOUT_MS,
});
database.on('error', () => {});

/** Rejects if the call takes longer than its timeout. */
function inTime<Result>(call: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(TIMEOUT)), TIMEOUT_MS);
  return Promise.race([call, promise]).finally(() => clearTimeout(timer));
}

const breakers = { cache: breakerOf('cache'), store: breakerOf('store') };

const ROUTES: Readonly<Record<string, () => Promise<unknown>>> = {
  '/health': async () => 'ok',
  '/cache': () => breakers.cache.execute(() => inTime(cache.get('key'))),
  '/database': () => breakers.store.execute(() => inTime(database.query('SELECT now()'))),
};

const server = createServer((request, response) => {
  const answer = (status: number) => response.writeHead(status).end();
  const route = ROUTES[request.url ?? ''];
  if (!route) return answer(404);
  route().then(
    () => answer(200),
    (error) => answer(error instanceof BrokenCircuitError ? 503 : 502),
  );
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
