import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { Backoff } from '../base/backoff.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Breakers } from '../protections/breakers.ts';
import type { LimitStores } from '../protections/limit-stores/limit-stores.ts';
import type { Limiters } from '../protections/limiters.ts';
import type { LoadMeter } from '../protections/load-shedding.ts';
import type { Database } from '../storage/pool.ts';
import type { LlmClient } from '../upstreams/groq.ts';
import type { MemoryClient } from '../upstreams/mem0.ts';
import type { RequestBudget } from '../upstreams/request-budget.ts';

/** The service's dependencies. Tests and variants of the service replace some of them. */
export interface Dependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limiters: Limiters;
  /** The stores that the limiters use. They are closed together with the app. */
  readonly limitStores: Pick<LimitStores, 'close'>;
  /** Rejects requests that don't have a valid token. */
  readonly authentication: RequestHandler;
  readonly breakers: Breakers;
  readonly llm: LlmClient;
  readonly memory: MemoryClient;
  readonly database: Database;
  /** Measures the event loop delay. It is closed together with the app. */
  readonly load: LoadMeter;
  /** Starts a request's time budget for upstream calls. */
  readonly startBudget: () => RequestBudget;
  /**
   * How long an event is claimed, in milliseconds. This must be longer than it takes to finish an event. Otherwise
   * another worker would call the upstreams again.
   */
  readonly eventLeaseMs: number;
  /** How long the worker waits before it retries a failed event. */
  readonly eventRest: Backoff;
  /** The connections to `llm` and `memory`. They are closed together with the app. */
  readonly upstreamAgent: Pick<Dispatcher, 'close'>;
}
