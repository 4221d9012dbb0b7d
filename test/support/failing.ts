import type { Facts } from '../../harness/checkers/lib/checker.ts';
import type { HistoryEvent, RequestSample } from '../../harness/history/events.ts';
import type { PromisedCalls } from '../../mocks/promised-calls.ts';
import { begun, facts, receipt, request, T0 } from './history.ts';

type Contract = Facts['contract'];

/** The endpoint and the upstream of the calls that fail. */
const ENDPOINT = 'conversation-end';
const UPSTREAM = 'groq';

/** One call that meets a failing upstream, and how often that upstream is reached. */
export interface Failing {
  /** The name of the fault. */
  fault?: string;
  /** The fault as the script set it, unless nothing is known about it. */
  asked?: Record<string, unknown>;
  /** The outcome of the call that fails. */
  ms?: number;
  status?: number;
  /** Further tags of that call, such as its error. */
  tags?: Record<string, string>;
  /** How many requests arrive with the fault and, once the upstream is healed, without it. */
  failing?: number;
  good?: number;
  /** The time between two requests with the fault, in milliseconds. */
  apart?: number;
  /** Further events. */
  more?: HistoryEvent[];
}

/** The history of one call that fails after `ms` milliseconds, and one after the upstream was healed, in phase 1. */
export function failingHistory({ fault = 'plain-500', ms = 50, status = 502, ...seen }: Failing): HistoryEvent[] {
  const { asked, tags = {}, failing = 1, good = 1, apart = 1, more = [] } = seen;
  const of = { phase: '1', endpoint: ENDPOINT };
  return [
    begun(1, { action: 'failing', upstream: UPSTREAM, fault, endpoint: ENDPOINT }, 0, 0),
    request(10, ms, status, { ...of, about: 'failing', ...tags }),
    request(60_000, 50, 201, { ...of, about: 'again' }),
    ...Array.from({ length: failing }, (_, index) =>
      receipt(index + 1, 20 + index * apart, 5, UPSTREAM, ['f1:status']),
    ),
    ...Array.from({ length: good }, (_, index) => receipt(failing + index + 1, 60_010 + index, 5, UPSTREAM)),
    begun(2, { action: 'end' }, 70_000, failing + good),
    ...(asked ? [{ type: 'fault', at: T0 + 5, upstream: UPSTREAM, id: 'f1', asked } as const] : []),
    ...more,
  ];
}

/**
 * Returns facts about a contract in which the endpoint that fails is changed.
 *
 * @param calls What the contract promises about calls to the upstream.
 */
export function factsWith(changed: Partial<Contract['endpoints'][string]>, calls?: PromisedCalls): Facts {
  const { contract, ...rest } = facts();
  const endpoint = { ...(contract.endpoints[ENDPOINT] as Contract['endpoints'][string]), ...changed };
  const endpoints = { ...contract.endpoints, [ENDPOINT]: endpoint };
  return { ...rest, contract: { ...contract, endpoints, upstreams: { ...contract.upstreams, [UPSTREAM]: { calls } } } };
}

/** The tags of a request whose caller left before it was answered. */
export const GIVEN_UP: RequestSample['tags'] = { error: 'request timeout', error_code: '1050' };
