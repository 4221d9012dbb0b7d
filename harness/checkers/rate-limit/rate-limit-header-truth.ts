import { count } from '../../base/in-words.ts';
import { statusText } from '../../callers/meaning-of.ts';
import type { Step } from '../../contract/tags.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { asTime } from '../lib/noise.ts';
import { type Family, type HeaderValues, readHeaders } from './rate-limit-headers.ts';
import { limitsOf, NO_LIMITS } from './rate-limit-windows.ts';

/**
 * Maximum difference between a promised time and the time at which the next request is allowed, in milliseconds. Timers
 * and clocks are no more precise than that.
 */
const TOLERANCE_MS = 25;
/** How late a correct value may be, in milliseconds, because headers are in whole seconds. */
const GRANULARITY_MS = 1_000;
/** Maximum number of wrong values to show. */
const MOST_SHOWN = 5;

/** A response with its headers by name. It was created between the two times (in milliseconds since the epoch). */
interface Answer {
  sent: number;
  answered: number;
  status: number;
  headers: Record<string, string>;
}

/** One client's requests, in order: a burst that uses up the limit, and further requests until one is allowed. */
interface Round {
  burst: Answer[];
  again: Answer[];
}

/**
 * Checks that the rate-limit headers match the service's behavior, for each header family in the contract:
 *
 * - The limit is the number of allowed requests.
 * - The remaining count decreases by one per allowed request, down to 0.
 * - The reset is when the next request is allowed, to the second.
 *
 * The script adds each response's status to the metric `answer_headers`, with the headers as tags.
 */
export const rateLimitHeaderTruth: BuiltInChecker = {
  name: 'rate-limit-header-truth',
  restsOn: ['rate-limit-admits-exactly'],
  usually: 'Headers are computed from the configuration instead of the counter, or before the request is counted.',
  fix: 'Compute the headers from the counter after this request has been counted, in the same atomic step.',
  cases: (facts) =>
    limitsOf(facts).flatMap(({ limit }) =>
      familiesOf(facts).map((family) => ({
        check: checkOf(family, limit),
        promises: [['limiter', family === 'Retry-After' ? 'retryAfter' : 'headers']],
      })),
    ),
  without: `${NO_LIMITS}, or the contract promises neither limiter.headers nor limiter.retryAfter`,
  judge(history, facts) {
    const families = familiesOf(facts);
    return limitsOf(facts).flatMap(({ limit, lengthMs }) => {
      const rounds = roundsOf(history, limit);
      const round = rounds.find((candidate) => isInOneWindow(candidate, facts, lengthMs)) ?? rounds.at(-1);
      return families.map((family) => judgeFamily(family, limit, lengthMs, round, facts));
    });
  },
};

const familiesOf = ({ contract: { limiter } }: Facts): Family[] => [
  ...limiter.headers,
  ...(limiter.retryAfter ? (['Retry-After'] as const) : []),
];

const checkOf = (family: Family, limit: string): string => `headers are correct: ${family}, ${limit}`;

function judgeFamily(family: Family, limit: string, lengthMs: number, round: Round | undefined, facts: Facts): Finding {
  const expected =
    family === 'Retry-After'
      ? 'the next admission'
      : 'the real limit, a remaining count down to 0, and the next admission';
  const judged = { check: checkOf(family, limit), expected, requests: [{ limit }] };
  const inconclusive = (observed: string): Finding => ({ ...judged, observed, verdict: 'INCONCLUSIVE' });
  if (!round) return inconclusive('no answers');
  const cameBack = round.again.findIndex(({ status }) => status !== 429);
  if (!round.burst.some(({ status }) => status === 429)) return inconclusive('no refusal');
  if (!isInOneWindow(round, facts, lengthMs)) return inconclusive('the burst was not in one window');
  if (cameBack < 1) return inconclusive('no refusal until the next admission');

  const lies: Lie[] = [];
  const sentParts = { limit: 0, remaining: 0, reset: 0, windowSeconds: 0 };
  for (const { answer, due, about } of dueOf({ ...round, cameBack }, facts, lengthMs)) {
    if (family === 'Retry-After' && answer.status !== 429) continue;
    const said = tryToRead(family, answer, lengthMs);
    if (typeof said === 'string') lies.push({ text: `${about}: ${said}` });
    else {
      for (const part of PARTS) sentParts[part] += Number(said[part] !== undefined);
      lies.push(...liesOf(said, due, answer).map((lie) => ({ ...lie, text: `${about}: ${lie.text}` })));
    }
  }
  // Other parts may be absent: their drafts don't require them, or only in some answers.
  if (family !== 'Retry-After' && sentParts.remaining === 0) {
    lies.push({ text: 'no answer says how many requests remain' });
  }
  const parts = PARTS.filter((part) => sentParts[part] > 0).map(
    (part) => `${part === 'windowSeconds' ? 'window' : part} ${sentParts[part]}×`,
  );
  const observed = `${parts.join(', ') || 'nothing'} sent; ${count(lies.length, 'wrong value')}`;
  if (lies.length === 0) return { ...judged, observed, verdict: 'PASS' };
  const [first = '', ...evidence] = lies.slice(0, MOST_SHOWN).map(({ text }) => text);
  const areMissing = PARTS.every((part) => sentParts[part] === 0);
  const usually = areMissing ? missing(family) : (whyEarly(lies) ?? whyUncounted(lies));
  return {
    ...judged,
    observed: `${observed}: ${first}`,
    evidence,
    verdict: 'FAIL',
    ...(usually !== undefined && { usually }),
  };
}

/** A wrong value in words, and by how many milliseconds it ends too early, if that is the error. */
interface Lie {
  readonly text: string;
  readonly earlyMs?: number;
  /** Whether it is a remaining count that is one too high. */
  readonly isOneTooHigh?: boolean;
}

/** Returns the cause if all wrong values end less than a second too early. */
function whyEarly(lies: readonly Lie[]): string | undefined {
  const early = lies.map(({ earlyMs = Number.POSITIVE_INFINITY }) => earlyMs);
  if (!early.every((ms) => ms < GRANULARITY_MS)) return undefined;
  return `The remaining time is rounded down to whole seconds: the waits end up to ${inSeconds(Math.max(...early))} too early. Round it up.`;
}

/** Returns the cause if no answer has a header of a family. */
const missing = (family: Family): string =>
  `The headers are missing: no answer has those of ${family}. The limiter does not send them, has another draft, or a proxy removes them.`;

/** Returns the cause if all wrong values are remaining counts that are one too high. */
const whyUncounted = (lies: readonly Lie[]): string | undefined =>
  lies.every(({ isOneTooHigh }) => isOneTooHigh)
    ? 'The remaining count is read before the request is counted, or counts it wrongly: each wrong value is one too high.'
    : undefined;

const PARTS = ['limit', 'remaining', 'reset', 'windowSeconds'] as const;

/** The correct header values for a response. The reset lies between two times. */
interface Due {
  limit: number;
  remaining: number | undefined;
  reset: { from: number; to: number } | undefined;
  windowSeconds: number;
}

/** Returns the correct values for each response, computed from the number of allowed requests. */
function dueOf(
  { burst, again, cameBack }: Round & { cameBack: number },
  facts: Facts,
  lengthMs: number,
): { answer: Answer; due: Due; about: string }[] {
  const isSliding = facts.contract.limiter.window === 'sliding';
  const refused = [...burst, ...again.slice(0, cameBack)];
  const [last, next] = [refused.at(-1), again[cameBack]] as [Answer, Answer];
  const admissions = burst.filter(({ status }) => status !== 429);
  const limit = admissions.length;
  const used = isSliding ? (admissions.at(-1)?.answered ?? 0) + lengthMs : 0;
  const reset = { from: last.sent, to: Math.max(next.answered, used) + GRANULARITY_MS };
  const common = { limit, windowSeconds: Math.ceil(lengthMs / 1_000) };
  const ofWindow = refused.map((answer, index) => {
    const isRefusal = answer.status === 429;
    const remaining = isRefusal ? 0 : limit - 1 - admissions.indexOf(answer);
    // In a sliding window, one slot becomes free before all of them do, so only a rejection has to say when.
    const due = { ...common, remaining, reset: isSliding && !isRefusal ? undefined : reset };
    return { answer, due, about: `answer ${index + 1} (${statusText(answer.status)})` };
  });
  // In a sliding window, it is unknown how many requests have expired by then.
  const ofNext = { ...common, remaining: isSliding ? undefined : limit - 1, reset: undefined };
  return [...ofWindow, { answer: next, due: ofNext, about: `the next admission (${statusText(next.status)})` }];
}

function tryToRead(family: Family, { headers }: Answer, lengthMs: number): HeaderValues | string {
  try {
    return readHeaders(family, headers, lengthMs / 1_000) ?? 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

function liesOf(said: HeaderValues, due: Due, { sent, answered }: Answer): Lie[] {
  const numbers = (['limit', 'remaining', 'windowSeconds'] as const).flatMap((part) => {
    const isTrue = said[part] === undefined || due[part] === undefined || said[part] === due[part];
    if (isTrue) return [];
    const text = `${part === 'windowSeconds' ? 'window' : part} ${said[part]}, not ${due[part]}`;
    return [{ text, isOneTooHigh: part === 'remaining' && said[part] === (due[part] ?? 0) + 1 }];
  });
  if (!said.reset || !due.reset) return numbers;
  const { seconds, since } = said.reset;
  const [earliest, latest] = since === 'epoch' ? [0, 0] : [sent, answered];
  const wait = `reset ${seconds} s`;
  const early = due.reset.from - (latest + seconds * 1_000);
  const late = earliest + seconds * 1_000 - (due.reset.to - GRANULARITY_MS);
  if (early > TOLERANCE_MS) {
    const text = `${wait}, ${inSeconds(early)} before a request that was still refused${allowed(TOLERANCE_MS)}`;
    return [...numbers, { text, earlyMs: early }];
  }
  if (late > GRANULARITY_MS + TOLERANCE_MS) {
    const text = `${wait}, ${inSeconds(late)} after an admission${allowed(GRANULARITY_MS + TOLERANCE_MS)}`;
    return [...numbers, { text }];
  }
  return numbers;
}

const allowed = (ms: number): string => ` (allowed: ${asTime(ms)})`;

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

function roundsOf(history: History, limit: string): Round[] {
  const samples = history.metric('answer_headers', { limit });
  return [...Map.groupBy(samples, ({ tags }) => tags.round).values()].map((of) => {
    const answers = (step: Step) =>
      of
        .filter(({ tags }) => tags.step === step)
        .map(({ at, value, tags }) => ({ sent: Number(tags.sent), answered: at, status: value, headers: tags }));
    return { burst: answers('burst'), again: answers('again') };
  });
}

/** Whether the whole burst falls into the window of its first request. */
function isInOneWindow({ burst }: Round, { contract: { limiter } }: Facts, lengthMs: number): boolean {
  const [began = 0, ended = 0] = [burst[0]?.sent, burst.at(-1)?.answered];
  if (limiter.window !== 'clock') return ended < began + lengthMs;
  return Math.floor(began / lengthMs) === Math.floor(ended / lengthMs);
}
