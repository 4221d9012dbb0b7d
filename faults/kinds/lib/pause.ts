import { Disconnect } from './disconnect.ts';
import type { Circumstances } from './fault.ts';

/**
 * Waits for at least `milliseconds`, which may be `Infinity`, or until the fault is healed.
 *
 * @throws Disconnect `client-gone` if the client disconnects first
 */
export async function pause(milliseconds: number, { healed, clientGone }: Circumstances): Promise<void> {
  const deadline = performance.now() + milliseconds;
  // A Node timer may fire a fraction of a millisecond early, so wait for the remaining time.
  for (let left = milliseconds; left > 0 && !healed.aborted; left = deadline - performance.now()) {
    if (clientGone.aborted) throw new Disconnect('client-gone');
    await timerOrAbort(left, [healed, clientGone]);
  }
  if (clientGone.aborted) throw new Disconnect('client-gone');
}

function timerOrAbort(milliseconds: number, signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const timer = Number.isFinite(milliseconds) ? setTimeout(done, milliseconds) : undefined;
    for (const signal of signals) signal.addEventListener('abort', done);
    function done(): void {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
