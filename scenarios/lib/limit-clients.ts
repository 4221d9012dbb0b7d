import { context, distinctClients, find, limitNames } from './context.ts';
import { runOnce } from './run-once.ts';
import { pause } from './wait.ts';

const LIMITS = limitNames();

/** Maximum number of attempts. A round that didn't fit into a window proves nothing and is repeated. */
const ROUNDS = 3;
/** Time between two clients' further attempts, as a share of a window. Longer each time, because the machine is slow. */
const APART_AGAIN = 0.3;
/** Added to the latest time at which a window could have ended, in milliseconds. */
const MARGIN_MS = 20;

/** The number of clients: one for each limit in the contract. */
export const LIMIT_CLIENTS = distinctClients(LIMITS.length);

/** Options for a script in which each of these clients (VUs) runs once. */
export const limitClientOptions = runOnce({ clients: LIMIT_CLIENTS });

/**
 * Waits for this client's turn and returns its limit. The turns keep the bursts of all clients from competing for the
 * machine.
 *
 * @param apart Time between two clients' turns, as a share of a window.
 */
export async function takeTurn(apart: number): Promise<{ limit: string; windowMs: number }> {
  const limit = LIMITS[__VU - 1] as string;
  const windowMs = find(context.limits, limit).windowSeconds * 1_000;
  await pause((__VU - 1) * apart * windowMs);
  return { limit, windowMs };
}

/**
 * Repeats a round until it fits into a window. Clients that repeat a round are spread further apart each time.
 *
 * @param act Receives the name of the round and the number of previous rounds. Returns whether the round fit.
 */
export async function inRounds(
  windowMs: number,
  act: (round: string, before: number) => Promise<boolean>,
): Promise<void> {
  for (let before = 0; before < ROUNDS; before += 1) {
    if (await act(String(before + 1), before)) return;
    await pause(windowMs * (1 + (__VU - 1) * APART_AGAIN * (before + 1)) + MARGIN_MS);
  }
}
