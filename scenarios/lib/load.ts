import type { ScriptTags } from '../../harness/contract/tags.ts';
import { context, promised } from './context.ts';
import { call, isServed } from './service.ts';
import { pauseUntil, together } from './wait.ts';

/** The service's capacity. Skips the scenario if the contract has none. */
export const capacity = promised(context.capacity, 'capacity in this profile');

/**
 * Sends requests on a schedule, regardless of earlier ones. Returns whether the promised share of them was served in
 * time. Each request has a tag `due` with its scheduled time.
 */
export async function load(perSecond: number, seconds: number, tags: ScriptTags): Promise<boolean> {
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
