import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { RequestSample } from '../../../../harness/history/events.ts';
import { facts, request } from '../../../support/history.ts';

/** The limit of the tests: 12 requests in 2 s, so a token every 167 ms. */
export const LIMIT = 'activities-suggest';
export const [MAX, WINDOW_MS] = [12, 2_000];

/** Returns the facts about the reference service with other windows. */
export function factsWith(window: Facts['contract']['limiter']['window']): ReturnType<typeof facts> {
  const given = facts();
  return { ...given, contract: { ...given.contract, limiter: { ...given.contract.limiter, window } } };
}

/** Decides whether a request that arrives after this many milliseconds is allowed. */
export type Limiter = (after: number) => boolean;

interface Bucket {
  max: number;
  perMs: number;
  /** How many tokens it holds. Defaults to `max`. */
  cap: number;
  /** Time between two refills, in milliseconds. */
  stepMs: number;
}

/** A bucket that is full at the beginning. By default, it is refilled by fractions of a token. */
export function bucket({ max = MAX, perMs = MAX / WINDOW_MS, cap, stepMs = 0 }: Partial<Bucket> = {}): Limiter {
  let [tokens, filled] = [max, 0];
  return (after) => {
    const now = stepMs === 0 ? after : Math.floor(after / stepMs) * stepMs;
    tokens = Math.min(cap ?? max, tokens + (now - filled) * perMs);
    filled = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** A window that moves with each request. */
export function slidingLog(): Limiter {
  let allowed: number[] = [];
  return (after) => {
    allowed = allowed.filter((at) => at > after - WINDOW_MS);
    if (allowed.length >= MAX) return false;
    allowed.push(after);
    return true;
  };
}

/** A request that the script sends: its step, and after how many milliseconds. */
export type Sent = readonly [step: string, after: number];

/** The requests that a service answers with this limiter. They take 4 to 24 ms, and arrive somewhere in between. */
export function answersOf(limiter: Limiter, sent: readonly Sent[]): RequestSample[] {
  const all = sent.map(([step, after], index) => {
    const ms = 4 + ((index * 7) % 21);
    return { step, after, ms, arrives: after + (ms * ((index * 5) % 11)) / 11 };
  });
  return all
    .toSorted((a, b) => a.arrives - b.arrives)
    .map(({ step, after, ms, arrives }) => request(after, ms, limiter(arrives) ? 200 : 429, { limit: LIMIT, step }));
}
