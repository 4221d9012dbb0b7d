import type { RequestSample } from '../history/events.ts';
import type { History } from '../history/history.ts';
import type { Facts } from './checker.ts';

/** A client's window at one limit, as far as the client can know it. Times in milliseconds since the epoch. */
export interface Window {
  limit: string;
  max: number;
  lengthMs: number;
  burst: RequestSample[];
  /** The window began between these: when the first request was sent, and when the first answer was there. */
  beganAfter: number;
  beganBefore: number;
  /** Whether the burst began the window and was answered before it can have ended: else nothing about it is certain. */
  certain: boolean;
}

/** The steps in which the script sends more requests than a limit admits, each in a window of its own. */
export const BURSTS = ['first window', 'second window'] as const;

/** An answer that is no refusal for the rate; no answer at all is neither. */
export const admitted = ({ status }: RequestSample): boolean => status !== 429 && status !== 0;

/** All limits of the contract's profile. */
export const limitsOf = ({ numbers }: Facts) =>
  Object.entries(numbers.limits).map(([limit, { max, windowSeconds }]) => ({
    ...{ limit, max, lengthMs: windowSeconds * 1_000 },
  }));

/** The window that a burst began: a fixed window starts with the first hit of a client that was not counted before. */
export function windowOf(history: History, facts: Facts, name: string, step: string): Window | undefined {
  const found = limitsOf(facts).find(({ limit }) => limit === name);
  const burst = history.requests({ limit: name, step });
  if (!found || burst.length === 0) return undefined;
  const beganAfter = Math.min(...burst.map(({ at }) => at));
  const beganBefore = Math.min(...burst.map(({ at, ms }) => at + ms));
  const ended = Math.max(...burst.map(({ at, ms }) => at + ms));
  const certain =
    ended < beganAfter + found.lengthMs && beganAfter >= earlierUntil(history, name, step, found.lengthMs);
  return { ...found, burst, beganAfter, beganBefore, certain };
}

/** Until when a window may last that requests before the burst have begun, -Infinity where there were none. */
function earlierUntil(history: History, limit: string, step: string, lengthMs: number): number {
  if (step === BURSTS[0]) return Number.NEGATIVE_INFINITY;
  const before = [BURSTS[0], 'over'].flatMap((earlier) => history.requests({ limit, step: earlier }));
  const first = Math.min(...before.map(({ at }) => at));
  // The first one began a window, and so may have whichever was admitted once that can have been over.
  const beginning = before.filter((one) => one.at === first || (admitted(one) && one.at + one.ms >= first + lengthMs));
  const answers = beginning.map(({ at, ms }) => at + ms);
  return Math.max(...answers) + lengthMs;
}
