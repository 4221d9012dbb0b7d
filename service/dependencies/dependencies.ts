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
