import { systemClock } from '../../../service/base/clock.ts';
import { type ErrorCode, ServiceError } from '../../../service/base/errors.ts';
import type { Upstream } from '../../../service/base/upstream.ts';
import type { Dependencies } from '../../../service/dependencies/dependencies.ts';
import type { Operation } from '../../../service/openapi/operations.ts';
import { disabledBreaker } from '../../../service/protections/circuit-breaker.ts';
import type { LimitStores } from '../../../service/protections/limit-stores/limit-stores.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { FakeDatabase } from './fake-database.ts';
import { CONVERSATION, rateLimits } from './test-app.ts';
import { bearer } from './tokens.ts';

/** How to provoke a response: the app's dependencies, and the request. */
export interface Provocation {
  readonly overrides?: Partial<Dependencies>;
  readonly body?: unknown;
  /** The value for all path parameters. */
  readonly parameter?: string;
  /** Headers to send instead of ada's token. */
  readonly headers?: Record<string, string>;
}

const EVENT_ID = '7f9c24e5-2f3b-4d7a-9c1e-0a6b8d5e4f31';

const BODIES: Readonly<Record<string, unknown>> = {
  endConversation: CONVERSATION,
  suggestActivities: { user_id: 'ada' },
};

/** Returns a valid request. */
export function wellFormed({ id }: Operation): Provocation {
  const database = new FakeDatabase();
  database.rows = database.rows.map((row) => ({ ...row, event_id: EVENT_ID }));
  return { overrides: { database }, body: BODIES[id], parameter: 'c-1' };
}

const withDatabase = (prepare: (database: FakeDatabase) => void) => () => {
  const database = new FakeDatabase();
  prepare(database);
  return { overrides: { database } };
};

const failing = (failure: Error) => withDatabase((database) => (database.failure = failure));

const upstreamDown = (upstream: Upstream) => () => {
  const fail = () => Promise.reject(new UpstreamError(upstream, 'down'));
  return { overrides: upstream === 'llm' ? { llm: { invoke: fail } } : { memory: { extract: fail, search: fail } } };
};

const upstreamRefuses = (upstream: Upstream, code: ErrorCode) => () => {
  const refuse = () => Promise.reject(new ServiceError(code, 'Nothing was sent.', { retryAfterSeconds: 1 }));
  return {
    overrides: upstream === 'llm' ? { llm: { invoke: refuse } } : { memory: { extract: refuse, search: refuse } },
  };
};

/** Creates a database in which the event already exists and can't be claimed. */
function withKeptEvent({ status = 'complete', same }: { status?: string; same: boolean }): FakeDatabase {
  const database = new FakeDatabase();
  const kept = { ...database.rows[0], event_id: EVENT_ID, status };
  database.query = async <Row>(statement: string) => {
    if (statement.startsWith('INSERT')) return [];
    return [statement.includes('AS same') ? { ...kept, same } : kept] as Row[];
  };
  return database;
}

/** Returns a request for an event that is complete or that another request is completing. */
export const endedBefore = (status: 'complete' | 'pending'): Provocation => ({
  overrides: { database: withKeptEvent({ status, same: true }) },
  body: CONVERSATION,
});

const circuitOpen = (upstream: Upstream) => () => {
  const refusal = new ServiceError(`${upstream}_circuit_open`, 'Not called.', { retryAfterSeconds: 60 });
  const open = {
    state: 'open' as const,
    call: () => Promise.reject(refusal),
    refusal: () => refusal,
    close: () => {},
  };
  return { overrides: { breakers: { llm: disabledBreaker, memory: disabledBreaker, [upstream]: open } } };
};

/** Rate limit stores that are unreachable. */
const failingStores: LimitStores = {
  create: () => ({
    increment: () =>
      Promise.reject(new ServiceError('rate_limit_store_unavailable', 'Not counted.', { retryAfterSeconds: 1 })),
    decrement: async () => {},
    resetKey: async () => {},
  }),
  close: async () => {},
};

/** Returns how to provoke one of an operation's error codes. */
export function provocation(operation: Operation, code: ErrorCode): Provocation {
  const [served, refused] = [wellFormed(operation), PROVOCATIONS[code]?.() ?? {}];
  return { ...served, ...refused, overrides: { ...served.overrides, ...refused.overrides } };
}

/** How to provoke an operation's documented errors. Invalid HTTP is rejected on all paths. */
const PROVOCATIONS: Readonly<Partial<Record<ErrorCode, () => Provocation>>> = {
  rate_limited: () => ({ overrides: { limiters: createLimiters(rateLimits('1 per 360 days'), systemClock) } }),
  invalid_request: () => ({ body: {}, parameter: '%00' }),
  payload_too_large: () => ({ body: { user_id: 'x'.repeat(200_000) } }),
  not_found: withDatabase((database) => (database.rows = [])),
  llm_circuit_open: circuitOpen('llm'),
  memory_circuit_open: circuitOpen('memory'),
  llm_unavailable: upstreamDown('llm'),
  memory_unavailable: upstreamDown('memory'),
  rate_limit_store_unavailable: () => ({
    overrides: { limiters: createLimiters(rateLimits('9/day'), systemClock, failingStores) },
  }),
  token_missing: () => ({ headers: {} }),
  token_invalid: () => ({ headers: { authorization: 'Bearer none' } }),
  token_expired: () => ({ headers: bearer('ada', { seconds: -60 }) }),
  user_mismatch: () => ({ headers: bearer('eve') }),
  body_too_deep: () => ({ body: JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`) }),
  llm_busy: upstreamRefuses('llm', 'llm_busy'),
  memory_busy: upstreamRefuses('memory', 'memory_busy'),
  out_of_resources: upstreamRefuses('llm', 'out_of_resources'),
  budget_exhausted: upstreamRefuses('llm', 'budget_exhausted'),
  overloaded: () => ({ overrides: { load: { delayMs: 1000, maxDelayMs: 250, close: () => {} } } }),
  conversation_conflict: () => ({ overrides: { database: withKeptEvent({ same: false }) } }),
  database_pool_exhausted: failing(new ServiceError('database_pool_exhausted', 'Full.', { retryAfterSeconds: 1 })),
  database_unavailable: failing(new ServiceError('database_unavailable', 'Gone.', { retryAfterSeconds: 1 })),
  not_ready: failing(new ServiceError('database_unavailable', 'Gone.', { retryAfterSeconds: 1 })),
  internal_error: failing(new Error('a defect')),
};
