import type { PlannedAction } from '../../harness/contract/phases.ts';
import { breakCalls } from './break-calls.ts';
import { context, describedBreakers, find, type Path } from './context.ts';
import { lab } from './lab.ts';
import { roomWithQueueOf } from './pool.ts';
import { dilute } from './prime.ts';
import { call } from './service.ts';
import { together } from './wait.ts';

/** Number of callers that fail at the same time, and how many of them there are in all volleys together, at least. */
const CALLERS = 10;
const ENOUGH = 24;
const VOLLEYS = 4;

/** Returns how many callers the service lets through to the upstream at once, at most 10. */
function callersAtOnce({ endpoint, upstream }: Path): number {
  const { pool, requestsInProgress } = context;
  // The failures of a volley must not open a breaker that counts attempts.
  const borne = describedBreakers()
    .filter((breaker) => breaker.upstream === upstream && breaker.counts !== 'calls')
    .map(({ opening }) => opening.failures - 1);
  const limits = [
    find(context.upstreams, upstream).concurrency,
    requestsInProgress[endpoint]?.max,
    pool && roomWithQueueOf(pool),
    ...borne,
  ];
  return Math.max(2, Math.min(CALLERS, ...limits.map((limit) => limit ?? CALLERS)));
}

/** Returns the volleys that show whether the waits of calls that fail together differ. */
export const volleysFor = (path: Path): PlannedAction<'volley'>[] =>
  Array.from({ length: Math.max(VOLLEYS, Math.ceil(ENOUGH / callersAtOnce(path))) }, (_, index) => ({
    action: 'volley',
    round: index + 1,
    ...path,
  }));

/**
 * Lets many callers call at once in each volley. The first attempt of each call fails. A call is served if the service
 * sends its request again.
 */
export async function failInVolleys(path: Path, volleys: readonly PlannedAction<'volley'>[]): Promise<void> {
  const { endpoint, upstream } = path;
  const callers = callersAtOnce(path);
  for (const volley of volleys) {
    await dilute(upstream, endpoint);
    const phase = await lab.phase(volley);
    await breakCalls(upstream, find(context.upstreams, upstream).repeatedFailure, callers);
    await together(callers, () => call(endpoint, { phase }));
    await lab.heal(upstream);
  }
  if (volleys.length > 0) await dilute(upstream, endpoint);
}
