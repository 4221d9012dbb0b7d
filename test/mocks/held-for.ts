import { vi } from 'vitest';
import type { FaultActions } from '../../faults/kinds/fault.ts';

/**
 * For how many milliseconds a fault would hold a request that comes so long after the fault's begin: what it sets its
 * timer to. Nobody waits for that.
 */
export async function heldFor({ hold }: FaultActions, activeMilliseconds = 0): Promise<number> {
  const timer = vi.spyOn(globalThis, 'setTimeout');
  const healer = new AbortController();
  const held = hold?.({
    activeMilliseconds,
    healed: healer.signal,
    clientGone: new AbortController().signal,
    errorResponse: (status) => new Response(null, { status }),
    finish: () => undefined,
  });
  const [, milliseconds = 0] = timer.mock.lastCall ?? [];
  timer.mockRestore();
  healer.abort();
  await held;
  return milliseconds;
}
