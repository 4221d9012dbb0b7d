import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import type { Dispatcher } from 'undici';
import { type Clock, systemClock } from './clock.ts';
import { showConfiguration } from './config/configuration-gauges.ts';
import type { Configuration } from './config/load-configuration.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { authenticate } from './protections/authentication.ts';
import { type Breakers, createBreakers } from './protections/breakers.ts';
import { createBulkhead } from './protections/bulkhead.ts';
import { createLimitStores, type LimitStores } from './protections/limit-stores/limit-stores.ts';
import { createLimiters, type Limiters } from './protections/limiters.ts';
import { type LoadMeter, measureEventLoop } from './protections/load-shedding.ts';
import { RequestBudget } from './protections/request-budget.ts';
import { countPoolRefusals } from './storage/count-pool-refusals.ts';
import { createDatabase, type Database } from './storage/pool.ts';
import { createGroqClient, type LlmClient } from './upstreams/groq.ts';
import { createJsonClient } from './upstreams/json-client.ts';
import { measureCalls } from './upstreams/measure-calls.ts';
import { createMem0Client, type MemoryClient } from './upstreams/mem0.ts';
import { createUpstreamAgent } from './upstreams/tls.ts';

/** Everything that the service needs. Any part can be replaced by another of the same shape. */
export interface Dependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limiters: Limiters;
  /** Where the limiters count; closed with the app. */
  readonly limitStores: Pick<LimitStores, 'close'>;
  /** Lets users through that prove who they are. */
  readonly authentication: RequestHandler;
  readonly breakers: Breakers;
  readonly llm: LlmClient;
  readonly memory: MemoryClient;
  readonly database: Database;
  /** How far behind the event loop is; closed with the app. */
  readonly load: LoadMeter;
  /** Begins a request's time for upstream calls. */
  readonly startBudget: () => RequestBudget;
  /** Milliseconds for which who finishes an event has it alone: longer than it takes, or another calls the upstreams again. */
  readonly eventLeaseMs: number;
  /** The connections that `llm` and `memory` use; closed with the app. */
  readonly upstreamAgent: Pick<Dispatcher, 'close'>;
}

/** Makes the real parts, as the configuration asks for them. Opens no connection yet. */
export function createDependencies(
  configuration: Configuration,
  logger: Logger,
  clock: Clock = systemClock,
): Dependencies {
  const { groq, mem0, upstreams, database } = configuration;
  const metrics = createMetrics();
  const limitStores = createLimitStores(configuration.limitStore, { clock, logger, metrics });
  collectDefaultMetrics({ register: metrics.registry });
  showConfiguration(metrics.registry, configuration);
  const agent = createUpstreamAgent({ verify: configuration.sslVerifyEnabled });
  const { timeoutMs, countTooManyRequests, concurrencyMax } = upstreams;
  const common = { timeoutMs, countTooManyRequests, dispatcher: agent };
  const groqPost = createJsonClient({
    ...common,
    upstream: 'llm',
    bulkhead: createBulkhead('llm', concurrencyMax),
    baseUrl: groq.baseUrl,
    authorization: `Bearer ${groq.apiKey}`,
  });
  const mem0Post = createJsonClient({
    ...common,
    upstream: 'memory',
    bulkhead: createBulkhead('memory', concurrencyMax),
    baseUrl: mem0.baseUrl,
    authorization: `Token ${mem0.apiKey}`,
  });
  return {
    logger,
    metrics,
    limiters: createLimiters(configuration.rateLimits, clock, limitStores),
    limitStores,
    authentication: authenticate(configuration.secretKey),
    breakers: createBreakers(configuration.breakers, { upstreamTimeoutMs: timeoutMs, clock, logger, metrics }),
    llm: createGroqClient(measureCalls(metrics, 'llm', groqPost), groq.model),
    memory: createMem0Client(measureCalls(metrics, 'memory', mem0Post)),
    database: countPoolRefusals(metrics, createDatabase(database, logger, { clock })),
    load: measureEventLoop(configuration.loadShedDelayMs),
    startBudget: () => new RequestBudget(upstreams.budgetMs, clock),
    eventLeaseMs: upstreams.budgetMs + database.acquireTimeoutMs,
    upstreamAgent: agent,
  };
}
