import { answerOf } from '../../history/answer-of.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, tally } from '../lib/checker.ts';
import { firstAnswered, firstSent, lastAnswered } from '../lib/request-times.ts';
import { hasValue, saidIn } from '../lib/retry-after.ts';
import { holdsBack, otherRefusal, refusedOtherwise } from './other-refusals.ts';
import {
  admitted,
  BURSTS,
  type Burst,
  limitCase,
  limitNumber,
  NEVER_REFUSED,
  NO_WINDOWS,
  type Window,
  windowedLimits,
  windowKind,
  windowOf,
} from './rate-limit-windows.ts';
import { otherWindows, timeInTheKey } from './ways-to-count.ts';

const checkOf = (limit: string, step: Burst): string => `admits exactly N: ${limit}, ${step}`;

/**
 * Checks that a new client gets exactly N requests in a window, and exactly N again in the next window, if there is
 * one. A burst that takes longer than its window proves nothing.
 */
const admitsExactly = (name: string, bursts: readonly Burst[]): BuiltInChecker => ({
  name,
  restsOn: ['endpoints-served'],
  usually:
    'The limit or window differs from the contract, each process counts in its own memory, or parallel requests read the same count.',
  fix: 'Compare and increment in one atomic step: `INCR` in Redis, one SQL statement, or a lock. Compare the numbers with the profile.',
  cases: (facts) =>
    windowedLimits(facts).flatMap(({ limit }) =>
      bursts.map((step) => {
        const check = checkOf(limit, step);
        return step === 'first window' ? { check, promises: [limitNumber(limit, 'max')] } : limitCase(check, limit);
      }),
    ),
  without: NO_WINDOWS,
  judge: (history, facts) =>
    windowedLimits(facts).flatMap(({ limit, max }) =>
      bursts.map((step): Finding => {
        const judged = {
          check: checkOf(limit, step),
          requests: [{ limit, step }],
          expected: `${max} admitted, the others refused`,
        };
        const window = windowOf(history, facts, limit, step);
        if (!window) return { ...judged, observed: 'no requests', verdict: 'INCONCLUSIVE' };
        const { burst, certain } = window;
        const refusal = otherRefusal(facts, limit, burst);
        const refusedSo = burst.filter(({ status }) => status === refusal?.status).length;
        const isOther = refusal !== undefined && burst.length - refusedSo === max;
        const passed = burst.filter(admitted).length;
        const took = ((lastAnswered(burst) - firstSent(burst)) / 1_000).toFixed(2);
        const observed = isOther
          ? `${max} of ${burst.length} admitted within ${took} s, the others refused with ${answerOf(refusal)} instead of 429`
          : `${passed} of ${burst.length} admitted within ${took} s`;
        const evidence = [tally(burst.map(answerOf))];
        const held = holdsBack(history, limit);
        if (!certain) {
          if (held !== undefined) return { ...judged, observed, evidence, usually: held, verdict: 'FAIL' };
          const split = { ...judged, observed: `${observed}, but in more than one window`, evidence: tooSlow(window) };
          return { ...split, verdict: 'INCONCLUSIVE' };
        }
        const unanswered = burst.some(({ status }) => status === 0);
        const usually =
          (isOther ? refusedOtherwise(refusal) : undefined) ??
          held ??
          (windowKind(facts) === 'clock' ? undefined : timeInTheKey(ofClient(history, limit), window)) ??
          otherLimit(history, facts, window) ??
          countedApart(window) ??
          (mayHaveOtherWindows(history, window)
            ? otherWindows(ofClient(history, limit), window, windowKind(facts))
            : undefined) ??
          causeOf(history, window, step);
        if (passed > max || unanswered) return { ...judged, observed, evidence, usually, verdict: 'FAIL' };
        // A request without a usable result may have been counted.
        const enough = burst.length > max && window.sent === burst.length;
        if (!enough || passed === max) {
          return { ...judged, observed, evidence, verdict: enough ? 'PASS' : 'INCONCLUSIVE' };
        }
        return { ...judged, observed, evidence, usually, verdict: 'FAIL' };
      }),
    ),
});

/** Returns the requests of the client that uses up a limit. */
const ofClient = (history: History, limit: string) => STEPS.flatMap((step) => history.sent({ limit, step }));
const STEPS = ['first window', 'over', 'second window'] as const;

/**
 * Whether other windows can explain a burst. If all of it is admitted, there is no limit, and if nothing is, in it or
 * since the first burst, no window began in the meantime.
 */
function mayHaveOtherWindows(history: History, { limit, burst }: Window): boolean {
  const passed = burst.filter(admitted).length;
  return passed > 0 ? passed < burst.length : history.sent({ limit, step: 'over' }).some(admitted);
}

/**
 * Returns the cause if requests of a client are counted in several places: a multiple of the limit is admitted, or
 * requests that were sent after a refusal are. A client uses several connections.
 */
function countedApart({ max, burst }: Window): string | undefined {
  const passed = burst.filter(admitted);
  const refusedAt = firstAnswered(burst.filter(({ status }) => status === 429));
  const isMixed = passed.some(({ at }) => at > refusedAt);
  const isMultiple = Number.isFinite(refusedAt) && passed.length % max === 0;
  if (passed.length <= max || !(isMixed || isMultiple)) return undefined;
  const connections = burst.filter(({ opened }) => opened).length;
  const places = Math.ceil(passed.length / max);
  const why =
    places < connections
      ? `each of ${places} processes counts in its own memory, or more of them do`
      : 'each connection is counted, because the key contains the port';
  return `The limit is used up for some connections of the client before it is for others: ${passed.length} requests are admitted instead of ${max}. Probably ${why}.`;
}

/** Returns the cause if each window admits the same number of requests, which is too many. Races differ each time. */
function otherLimit(history: History, facts: Facts, { limit, max, burst }: Window): string | undefined {
  const windows = BURSTS.map((step) => windowOf(history, facts, limit, step));
  const counts = windows.map((window) => (window?.certain ? window.burst.filter(admitted).length : undefined));
  const [passed = 0] = counts;
  if (passed <= max || passed === burst.length || counts.some((other) => other !== passed)) return undefined;
  const each = `Each window admits ${passed} requests instead of ${max}:`;
  return passed % max === 0
    ? `${each} each of ${passed / max} processes counts in its own memory, or the limit is ${passed}.`
    : `${each} the limit has another value in the settings or in the code, or the comparison admits one more.`;
}

/** Returns the likely cause why a burst was not admitted exactly, by the number of its requests that were. */
function causeOf(history: History, { limit, max, lengthMs, burst, endsBefore }: Window, step: Burst): string {
  const passed = burst.filter(admitted).length;
  if (burst.some(({ status }) => status === 0))
    return 'The service did not respond, or broke off connections instead of responding with 429.';
  if (passed === burst.length) {
    return history.sent({ limit }).some(({ status }) => status === 429)
      ? 'Requests that one client sends over several connections are not counted together: the key contains the port, or each of several processes counts.'
      : NEVER_REFUSED;
  }
  if (passed > max) {
    return 'Parallel requests read the same count, each process counts in its own memory, or the limit is higher than promised.';
  }
  if (step === 'first window') {
    return 'The limit is lower than promised, or requests of other clients or endpoints count toward it.';
  }
  if (passed > 0) {
    return 'Requests of the previous window still count in the next one: the window slides, or refused requests count.';
  }
  return isLonger(history, limit, endsBefore - lengthMs)
    ? 'The window is longer than promised: Retry-After of the first refused request already said so.'
    : 'Requests extend the window (if refused ones do, it is a sliding ban), or it is longer than promised: requests kept coming while the limit was used up, and it was still used up when the window was over.';
}

/** Whether the first refused request was told to wait for longer than the promised window, with up to a second more. */
function isLonger(history: History, limit: string, windowEnds: number): boolean {
  const [first] = (['first window', 'over'] as const)
    .flatMap((step) => saidIn(history, { limit, step }))
    .filter(hasValue)
    .toSorted((a, b) => Number(a.tags.sent) - Number(b.tags.sent));
  return first !== undefined && Number(first.tags.sent) + first.value * 1_000 > windowEnds + 1_000;
}

/** Returns evidence if a burst took longer than its window. */
function tooSlow({ burst, lengthMs }: Window): string[] {
  const took = lastAnswered(burst) - firstSent(burst);
  if (took < lengthMs) return [];
  const seconds = (took / 1_000).toFixed(1);
  return [`the burst took ${seconds} s; if the service can't be faster, use a longer window in the profile`];
}

export const rateLimitAdmitsExactly = admitsExactly('rate-limit-admits-exactly', BURSTS);
export const rateLimitAdmitsExactlyOnce = admitsExactly('rate-limit-admits-exactly-once', BURSTS.slice(0, 1));
