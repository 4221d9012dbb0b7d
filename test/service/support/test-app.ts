import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../../service/app/app.ts';
import { systemClock } from '../../../service/base/clock.ts';
import { type Limit, parseLimitString } from '../../../service/config/limit-string.ts';
import type { Dependencies } from '../../../service/dependencies/dependencies.ts';
import { createHttpServer, type HttpSettings } from '../../../service/http/http-server.ts';
import { createMetrics } from '../../../service/observability/metrics.ts';
import { authenticate } from '../../../service/protections/authentication.ts';
import { createBreakers } from '../../../service/protections/breakers.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import type { LoadMeter } from '../../../service/protections/load-shedding.ts';
import { requestBudget } from './budget.ts';
import { FakeDatabase } from './fake-database.ts';
import { type LogLine, recordLog } from './log-recorder.ts';
import { bearer, SECRET_KEY } from './tokens.ts';

/** A running app with fake dependencies. */
export interface TestApp extends AsyncDisposable {
  readonly url: string;
  readonly database: FakeDatabase;
  readonly log: LogLine[];
  /** Stops the server like the service does. */
  readonly shutDown: (graceMs: number) => Promise<void>;
  /** Sends a request with the token of ada or the given user. */
  post(path: string, body: unknown, user?: string): Promise<Response>;
  get(path: string, user?: string): Promise<Response>;
}

export const CONVERSATION = {
  user_id: 'ada',
  conversation_id: 'c-1',
  messages: [{ role: 'user', content: 'I like to swim.' }],
};

/** An upstream call that records the order of calls. */
export const noted =
  <T>(order: string[], name: string, answer: T) =>
  async (..._asked: unknown[]) => {
    order.push(name);
    return answer;
  };

/** An idle event loop. */
const idleLoad: LoadMeter = { delayMs: 0, maxDelayMs: 250, close: () => {} };

/**
 * Creates dependencies with limits of 1000 per minute, and breakers that open after 5 failures and recover after 60 s.
 */
export function testDependencies(
  overrides: Partial<Dependencies> = {},
  { recoveryTimeoutMs = 60_000 } = {},
): Dependencies & { log: LogLine[] } {
  const { logger, lines } = recordLog([SECRET_KEY]);
  const metrics = createMetrics();
  return {
    logger,
    log: lines,
    metrics,
    limiters: createLimiters(rateLimits('1000/minute'), systemClock),
    limitStores: { close: async () => {} },
    authentication: authenticate(SECRET_KEY),
    breakers: createBreakers(
      { enabled: true, failureThreshold: 5, recoveryTimeoutMs },
      { upstreamTimeoutMs: 10_000, clock: systemClock, logger, metrics },
    ),
    llm: { invoke: async () => 'Swim in the lake\nWalk to the lake' },
    memory: { extract: async () => 'm-1', search: async () => ['likes water'] },
    database: new FakeDatabase(),
    load: idleLoad,
    startBudget: requestBudget,
    eventLeaseMs: 60_000,
    eventRest: { firstMs: 5_000, longestMs: 600_000 },
    upstreamAgent: { close: async () => {} },
    ...overrides,
  };
}

/** Creates settings with the same limit for all endpoints, except for the given overrides. */
export function rateLimits(text: string, others: Record<string, string> = {}) {
  const limits = (name: string): Limit[] => parseLimitString(others[name] ?? text);
  return {
    enabled: true,
    default: limits('default'),
    conversationsEnd: limits('conversationsEnd'),
    activitiesSuggest: limits('activitiesSuggest'),
    health: limits('health'),
    storeFailure: 'closed' as const,
    trustedHops: 0,
  };
}

const HTTP: HttpSettings = { max: 1000, maxPerAddress: undefined, headersTimeoutMs: 10_000, requestTimeoutMs: 20_000 };

/** Serves an app with these dependencies on a free port. */
export async function startApp(
  overrides: Partial<Dependencies> = {},
  http: Partial<HttpSettings> = {},
): Promise<TestApp> {
  const dependencies = testDependencies(overrides);
  const app = createApp(dependencies);
  const { server, shutDown } = createHttpServer(app.handler, { ...HTTP, ...http }, dependencies);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    database: dependencies.database as FakeDatabase,
    log: dependencies.log,
    shutDown,
    get: (path, user = 'ada') => fetch(`${url}${path}`, { headers: bearer(user) }),
    post: (path, body, user = 'ada') =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer(user) },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await app.close();
    },
  };
}

/** Returns the error in a response, with its status and Retry-After. */
export async function refusal(
  response: Response,
): Promise<{ status: number; code: string; retryAfter: number | undefined }> {
  const { error } = (await response.json()) as { error: { code: string } };
  const retryAfter = response.headers.get('retry-after');
  return {
    status: response.status,
    code: error.code,
    retryAfter: retryAfter === null ? undefined : Number(retryAfter),
  };
}
