import { fallbackOf } from '../../contract/schema/fallback.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import type { FailingStreams } from './failing-streams.ts';

/** The faults with which an upstream sends no event. */
const BEFORE_EVENTS: readonly string[] = ['keep-alives', 'drip'];

/** Returns the requests to the next upstreams of the endpoint's fallback, in one of `failingStreams`. */
export function substitutesOf(history: History, facts: Facts, streams: FailingStreams): RequestReceipt[] {
  const { order = [] } = fallbackOf(facts.contract.endpoints[streams.endpoint]?.fallback) ?? {};
  return order.slice(order.indexOf(streams.upstream) + 1).flatMap((next) => history.receiptsIn(streams.phase, next));
}

/**
 * Whether a complete response combines those of two upstreams: events of the failed one, and the whole response of the
 * next one. The first byte then reached the caller before the next upstream was called.
 *
 * That byte may also be a header that the service sends early. `maybe` if it also does so when an upstream sends no
 * event at all, or if no upstream did that.
 */
export function isPieced(
  history: History,
  facts: Facts,
  streams: FailingStreams,
  all: readonly FailingStreams[],
): boolean | 'maybe' {
  if (BEFORE_EVENTS.includes(streams.fault) || beganBefore(history, facts, streams) !== true) return false;
  const withoutEvents = all
    .filter(({ endpoint, upstream }) => endpoint === streams.endpoint && upstream === streams.upstream)
    .filter(({ fault }) => BEFORE_EVENTS.includes(fault))
    .map((group) => beganBefore(history, facts, group));
  return withoutEvents.includes(true) || !withoutEvents.includes(false) ? 'maybe' : true;
}

/** Whether a complete answer began before the next upstream was called, or undefined if there is none. */
function beganBefore(history: History, facts: Facts, streams: FailingStreams): boolean | undefined {
  const [receiving] = history.metricIn('complete_stream_receiving_ms', streams.phase, { about: 'failing' });
  const [call] = streams.failing;
  const [next] = substitutesOf(history, facts, streams);
  if (!receiving || !call || !next) return undefined;
  return answered(call) - receiving.value < next.at - CLOCKS_MS;
}
