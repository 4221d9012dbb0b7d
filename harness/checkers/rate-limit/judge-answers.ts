import type { PromisePath } from '../../contract/promise-path.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Facts, tally } from '../lib/checker.ts';
import { firstSent } from '../lib/request-times.ts';
import { admitted, limitNumber } from './rate-limit-windows.ts';

/** The steps in which one client sends requests to a limit. */
export const STEPS = ['first window', 'over', 'second window'] as const;

/**
 * Returns the requests that count toward a limit: those of the client that uses it up and, if all clients share the
 * limit, those of the others.
 */
export const requestsTo = (history: History, { numbers }: Facts, limit: string): RequestSample[] =>
  [...STEPS, ...(isForAll(numbers, limit) ? (['other client'] as const) : [])].flatMap((step) =>
    history.sent({ limit, step }),
  );

const isForAll = (numbers: Facts['numbers'], limit: string): boolean => numbers.limits[limit]?.clients === 'together';

/** Returns the promise that a limit is for all clients together, if it is. */
export const forAllClients = ({ numbers }: Facts, limit: string): PromisePath[] =>
  isForAll(numbers, limit) ? [limitNumber(limit, 'clients')] : [];

/** The bounds of the number of requests that a limit allows at the time of a request, before it is counted. */
export interface Room {
  most(request: RequestSample): number;
  least(request: RequestSample): number;
}

/** Returns the answers that contradict a limit: allowed without room for a request, and refused although there is room. */
export const wrongIn = (requests: readonly RequestSample[], { most, least }: Room): Wrong => ({
  allowed: requests.filter((request) => admitted(request) && most(request) < 1),
  refused: requests.filter((request) => request.status === 429 && least(request) >= 1),
});

/** Answers that contradict a limit. */
export interface Wrong {
  readonly allowed: readonly RequestSample[];
  readonly refused: readonly RequestSample[];
}

/** Maximum difference between the clocks of a service and its client, in milliseconds. */
export const TOLERANCE_MS = 25;

/** Maximum number of wrong answers to show. */
const SHOWN = 5;

/**
 * Judges the answers of a limit. A request is allowed if there is room for one, and refused if there is none. It is
 * counted at an unknown time while it is in progress, so an answer is wrong only if it contradicts all of these times.
 */
export function judgeAnswers(
  requests: readonly RequestSample[],
  wrong: Wrong,
  { allowed, denied }: { allowed: string; denied: string },
): Pick<Finding, 'observed' | 'evidence' | 'usually' | 'verdict'> {
  const [beyond, refused] = [wrong.allowed.length, wrong.refused.length];
  const observed = `${tally(requests.map(answerOf))}; ${beyond} ${allowed}, ${refused} ${denied}`;
  if (beyond === 0 && refused === 0) return { observed, verdict: 'PASS' };
  const began = firstSent(requests);
  const shown = [...wrong.allowed, ...wrong.refused].toSorted((a, b) => a.at - b.at).slice(0, SHOWN);
  const evidence = shown.map(
    (request) => `${answerOf(request)}, ${((request.at - began) / 1_000).toFixed(2)} s after the first`,
  );
  return { observed, evidence, verdict: 'FAIL' };
}
