import { context, promised } from './context.ts';
import { call, isServed, type Tags } from './service.ts';
import { pauseUntil, together } from './wait.ts';

/** What load the service bears; a scenario about load can't do without. */
export const capacity = promised(context.capacity, 'capacity in this profile');

/**
 * So many requests a second for so many seconds, each at its time, whatever becomes of those before; tells whether as many were
 * served in time as the contract promises. The tag `due` says when each should have been sent.
 */
export async function load(perSecond: number, seconds: number, tags: Tags): Promise<boolean> {
  const began = Date.now();
  const n = Math.max(1, Math.round(perSecond * seconds));
  const served = await together(n, async (index) => {
    const due = began + (index * 1_000) / perSecond;
    await pauseUntil(due);
    const { status, timings } = await call(capacity.endpoint, { ...tags, due: String(due) });
    return isServed(capacity.endpoint, status) && timings.duration <= capacity.withinMs;
  });
  return served.filter(Boolean).length >= n * capacity.share;
}
