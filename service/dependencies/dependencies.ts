import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { Metrics } from '../observability/metrics.ts';
import type { Breakers } from '../protections/breakers.ts';
import type { LimitStores } from '../protections/limit-stores/limit-stores.ts';
import type { Limiters } from '../protections/limiters.ts';
import type { LoadMeter } from '../protections/load-shedding.ts';
import type { Database } from '../storage/pool.ts';
import type { LlmClient } from '../upstreams/groq.ts';
import type { MemoryClient } from '../upstreams/mem0.ts';
import type { RequestBudget } from '../upstreams/request-budget.ts';

/** The dependencies of the service. Tests and variants of the service replace some of them. */
export interface Dependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limiters: Limiters;
  /** The store of the limiters; closed with the app. */
  readonly limitStores: Pick<LimitStores, 'close'>;
  /** Rejects requests without a valid token. */
  readonly authentication: RequestHandler;
  readonly breakers: Breakers;
  readonly llm: LlmClient;
  readonly memory: MemoryClient;
  readonly database: Database;
  /** The event loop delay; closed with the app. */
  readonly load: LoadMeter;
  /** Starts the time budget of a request for its upstream calls. */
  readonly startBudget: () => RequestBudget;
  /**
   * Milliseconds for which an event is claimed. Must be longer than finishing an event takes, or another worker would
   * call the upstreams again.
   */
  readonly eventLeaseMs: number;
  /** The connections of `llm` and `memory`; closed with the app. */
  readonly upstreamAgent: Pick<Dispatcher, 'close'>;
}
