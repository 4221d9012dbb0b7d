import type { Options } from 'k6/options';
import { context, distinctClients, find, limitNames } from './context.ts';
import { pause } from './wait.ts';

const LIMITS = limitNames();

/** The most attempts: a round that did not fit into a window proves nothing and is repeated. */
const ROUNDS = 3;
/** Milliseconds after the last moment at which a window can have ended. */
const MARGIN_MS = 20;

/** One client for each limit of the contract. */
export const LIMIT_CLIENTS = distinctClients(LIMITS.length);

/** Options of a script in which each of these clients (VUs) runs once. */
export const limitClientOptions: Options = {
  scenarios: {
    clients: { executor: 'per-vu-iterations', vus: LIMIT_CLIENTS, iterations: 1, maxDuration: '20m' },
  },
  thresholds: { iterations: [`count==${LIMIT_CLIENTS}`] },
};

/**
 * Waits for the turn of this client and returns its limit: a burst does not share the machine with all others.
 *
 * @param apart Share of a window between the turns of two clients.
 */
export async function takeTurn(apart: number): Promise<{ limit: string; windowMs: number }> {
  const limit = LIMITS[__VU - 1] as string;
  const windowMs = find(context.limits, limit).windowSeconds * 1_000;
  await pause((__VU - 1) * apart * windowMs);
  return { limit, windowMs };
}

/** Repeats a round until it fits into a window; `act` returns whether it did. */
export async function inRounds(windowMs: number, act: (round: string) => Promise<boolean>): Promise<void> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    if (await act(String(round))) return;
    await pause(windowMs + MARGIN_MS);
  }
}
