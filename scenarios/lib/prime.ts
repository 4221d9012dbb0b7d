import { type Breaker, context, find } from './context.ts';
import { lab } from './lab.ts';
import { call } from './service.ts';
import { pause, times } from './wait.ts';

/** Whether a breaker opens by the failure rate in a window. Other breakers count consecutive failures. */
export const isRated = ({ opening }: Pick<Breaker, 'opening'>): boolean => opening.alone !== undefined;

/** Seconds that `settle` waits for one breaker. */
export const settleSeconds = ({ opening }: Pick<Breaker, 'opening'>): number =>
  (opening.windowSeconds ?? 0) * 1.1 + 0.1;

/** Waits until every call has left the time windows. */
export const letLeave = (breakers: readonly Pick<Breaker, 'opening'>[]): Promise<void> =>
  pause(Math.max(0, ...breakers.filter(isRated).map(settleSeconds)) * 1_000);

/** The phases that brought breakers into a known state, as a field of the phase that follows. */
type Primed = { readonly primed?: readonly number[] };

/**
 * Fills a count-based window with successes, or empties a time window, in a separate phase. Does nothing if the breaker
 * has no window.
 */
export const settle = (breaker: Breaker): Promise<Primed> =>
  fill([breaker], breaker.opening.windowSeconds === undefined ? breaker.opening.successes : 0);

/**
 * Brings breakers into a state in which exactly `opening.failures` consecutive failures open each of them, in the
 * phases `filled` (windows of calls) and `ready` (windows of time). A breaker that counts consecutive failures is in
 * that state after any success.
 *
 * @param isNew Whether not to wait until calls have left the windows of time, such as before the first call.
 */
export const prime = (breakers: readonly Breaker[], isNew = false): Promise<Primed> => fill(breakers, undefined, isNew);

async function fill(breakers: readonly Breaker[], successes?: number, isNew = false): Promise<Primed> {
  const rated = breakers.filter(isRated);
  const isTimed = ({ opening }: Breaker) => opening.windowSeconds !== undefined;
  // These calls may reach the upstreams of the other breakers as well, and have to leave their windows of time.
  const filled = await succeed(
    rated.filter((breaker) => !isTimed(breaker)),
    'filled',
    successes,
  );
  if (!isNew) await letLeave(rated);
  const primed = [...filled, ...(await succeed(rated.filter(isTimed), 'ready', successes))];
  return primed.length === 0 ? {} : { primed };
}

/** Calls each breaker's endpoint until enough calls have reached its upstream. Returns the IDs of the phase, if any. */
async function succeed(
  breakers: readonly Breaker[],
  action: 'filled' | 'ready',
  successes?: number,
): Promise<number[]> {
  if (breakers.length === 0) return [];
  const phase = await lab.phase({ action });
  // One call may reach the upstreams of several breakers.
  const given = new Map<string, number>();
  for (const { upstream, endpoint, opening } of breakers) {
    await times(Math.max(0, (successes ?? opening.successes) - (given.get(upstream) ?? 0)), async () => {
      await call(endpoint, { phase });
      for (const reached of find(context.endpoints, endpoint).reaches)
        given.set(reached, (given.get(reached) ?? 0) + 1);
    });
  }
  return [phase.id];
}

/** How often `dilute` was called since the windows of an upstream's breakers were empty: twice for each failure. */
const diluted = new Map<string, number>();

/**
 * Waits until failures have left the windows of breakers that count them, whatever else is in the window, if one more
 * would open one of them.
 */
async function forget(upstream: string, breakers: readonly Pick<Breaker, 'opening'>[]): Promise<void> {
  const counting = breakers.filter(({ opening }) => opening.isCount);
  const times = (diluted.get(upstream) ?? 0) + 1;
  const isFull = counting.some(({ opening }) => times >= 2 * (opening.failures - 1));
  diluted.set(upstream, isFull ? 0 : times);
  if (isFull) await letLeave(counting);
}

/** Returns for how many seconds `dilute` waits in all, before and after these failures of upstreams. */
export function forgettingSeconds(failures: readonly { readonly upstream: string }[]): number {
  const counting = Object.values(context.breakers).filter(({ opening }) => opening.isCount);
  return counting.reduce((sum, breaker) => {
    const { length } = failures.filter(({ upstream }) => upstream === breaker.upstream);
    return sum + Math.ceil(length / (breaker.opening.failures - 1)) * settleSeconds(breaker);
  }, 0);
}

/**
 * Calls an endpoint until a single failure of the upstream would be far from opening its breaker. Call it before and
 * after each failure.
 *
 * @param least The number of calls to make even if no failure can open a breaker.
 */
export async function dilute(upstream: string, endpoint: string, least = 0): Promise<void> {
  const needed = Object.values(context.breakers).filter((breaker) => breaker.upstream === upstream);
  await forget(upstream, needed);
  const most = Math.max(least, ...needed.map(({ opening }) => opening.successes));
  if (most === 0) return;
  const phase = await lab.phase({ action: 'diluted', upstream, endpoint });
  await times(most, () => call(endpoint, { phase }));
}
