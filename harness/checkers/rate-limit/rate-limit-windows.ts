import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import { answered, firstAnswered, firstSent, lastAnswered } from '../lib/request-times.ts';

/** A client's window at one limit, as far as the client can know it. Times in milliseconds since the epoch. */
export interface Window {
  limit: string;
  max: number;
  lengthMs: number;
  burst: RequestSample[];
  /** How many there were of the burst, with those that tell nothing. */
  sent: number;
  /** The first admission after the burst becomes possible between these. */
  endsAfter: number;
  endsBefore: number;
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

/** Whether there is another limit, which does not count the same requests. */
export const hasNeighbour = ({ numbers: { limits } }: Facts, limit: string): boolean =>
  Object.entries(limits).some(
    ([name, { sharedWith }]) =>
      name !== limit && !sharedWith.includes(limit) && !limits[limit]?.sharedWith.includes(name),
  );

/** The window that a burst began, by the contract's window model; undefined where there was no burst. */
export function windowOf(history: History, facts: Facts, name: string, step: string): Window | undefined {
  const found = limitsOf(facts).find(({ limit }) => limit === name);
  const [burst, sent] = [history.requests({ limit: name, step }), history.sent({ limit: name, step })];
  if (!found || burst.length === 0) return undefined;
  const earlier =
    step === BURSTS[0] ? [] : [BURSTS[0], 'over'].flatMap((of) => history.sent({ limit: name, step: of }));
  const model = MODELS[facts.contract.limiter.window];
  return { ...found, burst, sent: sent.length, ...model(sent, earlier, found.lengthMs) };
}

type Model = (
  burst: readonly RequestSample[],
  earlier: readonly RequestSample[],
  lengthMs: number,
) => Pick<Window, 'endsAfter' | 'endsBefore' | 'certain'>;

/** Where a window begins with the first request of a client that has none, it began while that was under way. */
const firstRequest: Model = (burst, earlier, lengthMs) => {
  const [beganAfter, beganBefore] = [firstSent(burst), firstAnswered(burst)];
  const first = firstSent(earlier);
  // The first one began a window, and so may have whichever was admitted once that can have been over.
  const beginning = earlier.filter((one) => one.at === first || (admitted(one) && answered(one) >= first + lengthMs));
  const inTime = lastAnswered(burst) < beganAfter + lengthMs;
  const certain = inTime && beganAfter >= lastAnswered(beginning) + lengthMs;
  return { endsAfter: beganAfter + lengthMs, endsBefore: beganBefore + lengthMs, certain };
};

/** Where windows lie at the multiples of their length since the epoch, all of a burst has to be in one of them. */
const clock: Model = (burst, earlier, lengthMs) => {
  const windowAt = (time: number) => Math.floor(time / lengthMs);
  const own = windowAt(firstSent(burst));
  const certain = windowAt(lastAnswered(burst)) === own && windowAt(lastAnswered(earlier)) < own;
  const ends = (own + 1) * lengthMs;
  return { endsAfter: ends, endsBefore: ends, certain };
};

/** Where each admission counts for the window's length, the first of them ends first. */
const sliding: Model = (burst, earlier, lengthMs) => {
  const began = firstSent(burst);
  const certain = lastAnswered(burst) < began + lengthMs && began >= lastAnswered(earlier.filter(admitted)) + lengthMs;
  return { endsAfter: began + lengthMs, endsBefore: lastAnswered(burst.filter(admitted)) + lengthMs, certain };
};

const MODELS: Record<Facts['contract']['limiter']['window'], Model> = {
  'first-request': firstRequest,
  ...{ clock, sliding },
};
