import { vi } from 'vitest';
import type { FaultActions } from '../../faults/kinds/lib/fault.ts';
import { circumstances } from '../faults/kinds/circumstances.ts';

/**
 * Returns the delay that a fault sets its timer to, in milliseconds, for a request that arrives `activeMilliseconds`
 * after the fault started. Doesn't wait for the timer.
 */
export async function heldFor({ hold }: FaultActions, activeMilliseconds = 0): Promise<number> {
  const timer = vi.spyOn(globalThis, 'setTimeout');
  const healer = new AbortController();
  const held = hold?.({
    ...circumstances(healer.signal),
    activeMilliseconds,
  });
  const [, milliseconds = 0] = timer.mock.lastCall ?? [];
  timer.mockRestore();
  healer.abort();
  await held;
  return milliseconds;
}
