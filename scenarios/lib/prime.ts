import type { Action, Phase } from '../../harness/contract/phase.ts';
import { type Breaker, context, find } from './context.ts';
import { lab } from './lab.ts';
import { call } from './service.ts';
import { pause, times } from './wait.ts';

/** Whether a breaker opens by the failure rate in a window. Other breakers count consecutive failures. */
export const isRated = ({ opening }: Breaker): boolean => opening.alone !== undefined;

/** Seconds that `settle` waits for one breaker. */
export const settleSeconds = ({ opening }: Breaker): number => (opening.windowSeconds ?? 0) * 1.1 + 0.1;

/** Waits until every call has left the time windows. */
export const letLeave = (breakers: readonly Breaker[]): Promise<void> =>
  pause(Math.max(0, ...breakers.filter(isRated).map(settleSeconds)) * 1_000);

/**
 * Fills a count-based window with successes, or empties a time window, in a separate phase. Does nothing if the breaker
 * has no window.
 */
export const settle = (breaker: Breaker, phase: Action): Promise<void> =>
  fill([breaker], phase, breaker.opening.windowSeconds === undefined ? breaker.opening.successes : 0);

/**
 * Brings breakers into a state in which exactly `opening.failures` consecutive failures open each of them, in the
 * phases "filled for …" (windows of calls) and "ready for …" (windows of time). A breaker that counts consecutive
 * failures is in that state after any success.
 */
export const prime = (breakers: readonly Breaker[], phase: Action): Promise<void> => fill(breakers, phase);

async function fill(breakers: readonly Breaker[], phase: Action, successes?: number): Promise<void> {
  const rated = breakers.filter(isRated);
  const isTimed = ({ opening }: Breaker) => opening.windowSeconds !== undefined;
  // These calls may reach the upstreams of the other breakers as well, and have to leave their windows of time.
  await succeed(
    rated.filter((breaker) => !isTimed(breaker)),
    `filled for ${phase}`,
    successes,
  );
  await letLeave(rated);
  await succeed(rated.filter(isTimed), `ready for ${phase}`, successes);
}

/** Calls each breaker's endpoint until enough calls have reached its upstream. */
async function succeed(breakers: readonly Breaker[], phase: Phase, successes?: number): Promise<void> {
  if (breakers.length === 0) return;
  await lab.phase(phase);
  // One call may reach the upstreams of several breakers.
  const given = new Map<string, number>();
  for (const { upstream, endpoint, opening } of breakers) {
    await times(Math.max(0, (successes ?? opening.successes) - (given.get(upstream) ?? 0)), async () => {
      await call(endpoint, { phase });
      for (const one of find(context.endpoints, endpoint).reaches) given.set(one, (given.get(one) ?? 0) + 1);
    });
  }
}

/**
 * Calls an endpoint until a single failure of the upstream would be far from opening its breaker. Call it before and
 * after each failure.
 */
export async function dilute(upstream: string, endpoint: string, phase: Phase): Promise<void> {
  const needed = Object.values(context.breakers).filter((one) => one.upstream === upstream);
  const most = Math.max(0, ...needed.map(({ opening }) => opening.successes));
  if (most === 0) return;
  await lab.phase(phase);
  await times(most, () => call(endpoint, { phase }));
}
