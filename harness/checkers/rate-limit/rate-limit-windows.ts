import { numberAt, type PromisePath } from '../../contract/promise-path.ts';
import type { Tags } from '../../contract/tags.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Case, Facts } from '../lib/checker.ts';
import { answered, firstAnswered, firstSent, lastAnswered } from '../lib/request-times.ts';

/** A client's window for one limit, as seen by the client. Times are in milliseconds since the epoch. */
export interface Window {
  limit: string;
  max: number;
  lengthMs: number;
  burst: RequestSample[];
  /** The size of the burst, including requests without a usable result. */
  sent: number;
  /** The next request is allowed at some time between these two. */
  endsAfter: number;
  endsBefore: number;
  /** All requests of the window are allowed again by this time. */
  allBefore: number;
  /**
   * Whether the burst started the window and got all responses before the window could have ended. If not, nothing
   * about the window is certain.
   */
  certain: boolean;
}

/** The steps in which the script sends more requests than a limit allows, each in a new window. */
export const BURSTS = ['first window', 'second window'] as const;
export type Burst = (typeof BURSTS)[number];

/** Whether a request was allowed. A request without a response was neither allowed nor rejected. */
export const admitted = ({ status }: RequestSample): boolean => status !== 429 && status !== 0;

/** Returns all limits in the profile. */
export const limitsOf = ({ numbers }: Facts) =>
  Object.entries(numbers.limits).map(([limit, { max, windowSeconds }]) => ({
    limit,
    max,
    lengthMs: windowSeconds * 1_000,
  }));

/**
 * Returns all limits that start over at the end of a window. Others are judged by `rate-limit-bucket` and `-weighted`.
 */
export const windowedLimits = (facts: Facts) => (isGradual(facts) ? [] : limitsOf(facts));

/** Why there may be no such limit. */
export const NO_WINDOWS = 'the profile has no limits, or limiter.window is token-bucket or weighted';

/** The cause if a limit refuses nothing. */
export const NEVER_REFUSED =
  'No request was refused: the limit is off, does not apply to this endpoint, takes each connection for another client, or does not count requests whose key is empty, such as that of a header which callers can leave out.';

export const NO_LIMITS = 'the profile has no limits';

/** Returns the place of a limit's number in the contract. */
export const limitNumber = (limit: string, field: 'max' | 'windowSeconds' | 'clients' | 'sharedWith'): PromisePath =>
  numberAt('limits', limit, field);

/** Returns the case of a check that judges both the number of requests of a limit and the length of its window. */
export const limitCase = (check: string, limit: string, ...more: PromisePath[]): Case => ({
  check,
  promises: [limitNumber(limit, 'max'), limitNumber(limit, 'windowSeconds'), ...more],
});

/** Returns the other limits that count different requests and are not shared by clients. */
export const neighboursOf = ({ numbers: { limits } }: Facts, limit: string): string[] =>
  Object.entries(limits)
    .filter(
      ([name, { clients }]) => name !== limit && clients !== 'together' && !countsSameRequests(limits, limit, name),
    )
    .map(([name]) => name);

/**
 * Returns the other limits that count the same requests, and that are used up when this one is. Of these, the scripts
 * send requests to see that they are refused.
 */
export function sharersOf({ numbers: { limits } }: Pick<Facts, 'numbers'>, limit: string): string[] {
  const { max = 0, windowSeconds = 0, clients } = limits[limit] ?? {};
  return Object.entries(limits)
    .filter(
      ([name, other]) =>
        name !== limit &&
        countsSameRequests(limits, limit, name) &&
        other.max <= max &&
        other.windowSeconds >= windowSeconds &&
        other.clients === clients,
    )
    .map(([name]) => name);
}

const countsSameRequests = (limits: Facts['numbers']['limits'], a: string, b: string): boolean =>
  limits[a]?.sharedWith.includes(b) === true || limits[b]?.sharedWith.includes(a) === true;

/** Whether a limit frees its requests one by one instead of all at the end of a window. */
export const isGradual = ({ contract: { limiter } }: Pick<Facts, 'contract'>): boolean =>
  limiter.window === 'token-bucket' || limiter.window === 'weighted';

/**
 * Returns the window that a burst started, according to the contract's window model, or undefined if there was no
 * burst. If the script repeated a round because it was too slow, the last round counts.
 */
export function windowOf(history: History, facts: Facts, name: string, step: Burst): Window | undefined {
  const found = limitsOf(facts).find(({ limit }) => limit === name);
  const round = history.requests({ limit: name, step }).at(-1)?.tags.round;
  const of: Tags = round === undefined ? { limit: name, step } : { limit: name, step, round };
  const [burst, sent] = [history.requests(of), history.sent(of)];
  if (!found || burst.length === 0) return undefined;
  const began = firstSent(sent);
  const earlier = ([...BURSTS, 'over'] as const).flatMap((before) =>
    history.sent({ limit: name, step: before }).filter(({ at }) => at < began),
  );
  const model = MODELS[windowKind(facts)];
  return { ...found, burst, sent: sent.length, ...model(sent, earlier, found.lengthMs) };
}

/** The kinds of windows that have a start. */
export type WindowKind = Exclude<Facts['contract']['limiter']['window'], 'token-bucket' | 'weighted'>;

/**
 * Returns when windows begin. An empty bucket is full again a whole window later, as if each request began one.
 * Weighted windows follow the clock. The end of one shows only that all requests are refused until then.
 */
export function windowKind({ contract: { limiter } }: Pick<Facts, 'contract'>): WindowKind {
  if (limiter.window === 'weighted') return 'clock';
  return limiter.window === 'token-bucket' ? 'sliding' : limiter.window;
}

/** Whether requests fall into one window in which no earlier request counts. */
export function isInOneWindow(
  window: WindowKind,
  lengthMs: number,
  earlier: readonly RequestSample[],
  requests: readonly RequestSample[],
): boolean {
  const [began, ended] = [firstSent(requests), lastAnswered(requests)];
  if (lastAnswered(earlier) + lengthMs > began) return false;
  if (window === 'clock') return Math.floor(ended / lengthMs) === Math.floor(began / lengthMs);
  return ended < began + lengthMs;
}

type Model = (
  burst: readonly RequestSample[],
  earlier: readonly RequestSample[],
  lengthMs: number,
) => Pick<Window, 'endsAfter' | 'endsBefore' | 'allBefore' | 'certain'>;

/** A new client's first request starts a window at some time while the request is in flight. */
const firstRequest: Model = (burst, earlier, lengthMs) => {
  const [beganAfter, beganBefore] = [firstSent(burst), firstAnswered(burst)];
  const first = firstSent(earlier);
  // The first request started a window. Any request that was allowed after the earliest possible end of that window may
  // have started another.
  const beginning = earlier.filter(
    (request) => request.at === first || (admitted(request) && answered(request) >= first + lengthMs),
  );
  const inTime = lastAnswered(burst) < beganAfter + lengthMs;
  const certain = inTime && beganAfter >= lastAnswered(beginning) + lengthMs;
  const endsBefore = beganBefore + lengthMs;
  return { endsAfter: beganAfter + lengthMs, endsBefore, allBefore: endsBefore, certain };
};

/** Windows begin at multiples of their length since the epoch. The whole burst must fall into one of them. */
const clock: Model = (burst, earlier, lengthMs) => {
  const windowAt = (time: number) => Math.floor(time / lengthMs);
  const own = windowAt(firstSent(burst));
  const certain = windowAt(lastAnswered(burst)) === own && windowAt(lastAnswered(earlier)) < own;
  const ends = (own + 1) * lengthMs;
  return { endsAfter: ends, endsBefore: ends, allBefore: ends, certain };
};

/** Each allowed request expires one window length later, in the order in which they were allowed. */
const sliding: Model = (burst, earlier, lengthMs) => {
  const began = firstSent(burst);
  const certain = lastAnswered(burst) < began + lengthMs && began >= lastAnswered(earlier.filter(admitted)) + lengthMs;
  const allowed = burst.filter(admitted);
  return {
    endsAfter: began + lengthMs,
    endsBefore: firstAnswered(allowed) + lengthMs,
    allBefore: lastAnswered(allowed) + lengthMs,
    certain,
  };
};

const MODELS: Record<WindowKind, Model> = {
  'first-request': firstRequest,
  clock,
  sliding,
};
