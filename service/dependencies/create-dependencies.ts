import type { Logger } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { type Clock, systemClock } from '../base/clock.ts';
import { showConfiguration } from '../config/configuration-gauges.ts';
import type { Configuration } from '../config/load-configuration.ts';
import { createMetrics } from '../observability/metrics.ts';
import { authenticate } from '../protections/authentication.ts';
import { createBreakers } from '../protections/breakers.ts';
import { createLimitStores } from '../protections/limit-stores/create-limit-stores.ts';
import { createLimiters } from '../protections/limiters.ts';
import { measureEventLoop } from '../protections/load-shedding.ts';
import { countPoolRefusals } from '../storage/count-pool-refusals.ts';
import { createDatabase } from '../storage/pool.ts';
import { createBulkhead } from '../upstreams/bulkhead.ts';
import { createGroqClient } from '../upstreams/groq.ts';
import { createJsonClient } from '../upstreams/json-client.ts';
import { measureCalls } from '../upstreams/measure-calls.ts';
import { createMem0Client } from '../upstreams/mem0.ts';
import { RequestBudget } from '../upstreams/request-budget.ts';
import { createUpstreamAgent } from '../upstreams/tls.ts';
import type { Dependencies } from './dependencies.ts';

/** The longest pause before an event is retried, in intervals of the worker: ten minutes by default. */
const LONGEST_REST = 120;

/** Creates the dependencies from the configuration. Connections are opened later. */
export function createDependencies(
  configuration: Configuration,
  logger: Logger,
  clock: Clock = systemClock,
): Dependencies {
  const { groq, mem0, upstreams, database, pendingWorker } = configuration;
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
    eventRest: { firstMs: pendingWorker.intervalMs, longestMs: LONGEST_REST * pendingWorker.intervalMs },
    upstreamAgent: agent,
  };
}
