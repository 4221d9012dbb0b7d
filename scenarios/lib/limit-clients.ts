import type { Options } from 'k6/options';
import { context, find, limitNames } from './context.ts';
import { pause } from './wait.ts';

const LIMITS = limitNames();

/** What did not fit into a window proves nothing: then it is done again, so many times at most. */
const ROUNDS = 3;
/** Milliseconds after the last moment at which a window can have ended. */
const MARGIN_MS = 20;

/** A client for each limit of the contract. */
export const LIMIT_CLIENTS = LIMITS.length;

/** Options of a script in which each of these clients, a VU, acts once. */
export const limitClientOptions: Options = {
  scenarios: {
    clients: { executor: 'per-vu-iterations', vus: LIMIT_CLIENTS, iterations: 1, maxDuration: '20m' },
  },
  thresholds: { iterations: [`count==${LIMIT_CLIENTS}`] },
};

/**
 * This client's limit, once it is its turn: no burst has to share the machine with those of all others.
 *
 * @param apart Of a window's length, how far apart the clients begin.
 */
export async function takeTurn(apart: number): Promise<{ limit: string; windowMs: number }> {
  const limit = LIMITS[__VU - 1] as string;
  const windowMs = find(context.limits, limit).windowSeconds * 1_000;
  await pause((__VU - 1) * apart * windowMs);
  return { limit, windowMs };
}

/** Does something that has to fit into a window until it did; `act` tells whether that was so. */
export async function inRounds(windowMs: number, act: (round: string) => Promise<boolean>): Promise<void> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    if (await act(String(round))) return;
    await pause(windowMs + MARGIN_MS);
  }
}
