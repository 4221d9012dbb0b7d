import type { History } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, withEvidence } from '../lib/checker.ts';
import { judgeExcess, noiseMs, whatIsLeft } from '../lib/noise.ts';
import { hasValue, judgeRetryAfter, type Said, saidIn } from '../lib/retry-after.ts';
import { RETRY_AFTER_MS } from '../lib/tolerances.ts';
import { requestsTo } from './judge-answers.ts';
import { limitsOf, NO_LIMITS, type Window, windowOf } from './rate-limit-windows.ts';
import { bucketOf, leastTokens, mostTokens } from './token-bucket.ts';

/** For each step of the script, the burst whose window contains it. */
const BURST_OF = { 'first window': 'first window', over: 'first window', 'second window': 'second window' } as const;

/**
 * Checks that Retry-After is correct: a client that waits that long is allowed again, and no client waits a whole
 * second too long. The script adds each rejection's value to the metric `retry_after_seconds`, with the send time in
 * the tag `sent`.
 */
export const rateLimitRetryAfter: BuiltInChecker = {
  name: 'rate-limit-retry-after',
  timed: true,
  restsOn: ['rate-limit-admits-exactly', 'rate-limit-bucket'],
  usually: 'Retry-After is missing, rounded down, or the whole window instead of the remaining time.',
  fix: 'Send the seconds until the window ends, rounded up, and at least 1.',
  cases: (facts) =>
    limitsWithRetryAfter(facts).map(({ limit }) => ({ check: checkOf(limit), promises: [['limiter', 'retryAfter']] })),
  without: `${NO_LIMITS}, or limiter.retryAfter is false`,
  judge: (history, facts) =>
    limitsWithRetryAfter(facts).map((promisedLimit): Finding => {
      if (facts.contract.limiter.window === 'token-bucket') return judgeBucket(history, facts, promisedLimit);
      const { limit } = promisedLimit;
      const noise = noiseMs(history, facts);
      const judged = {
        check: checkOf(limit),
        requests: [{ limit }],
        expected: "the rest of the client's window, in whole seconds",
      };
      const windows = new Map<string | undefined, Window | undefined>(
        Object.entries(BURST_OF).map(([step, burst]) => [step, windowOf(history, facts, limit, burst)]),
      );
      const windowOfRefusal = ({ tags }: Said) => windows.get(tags.step);
      // A missing header counts in any window. A value can only be judged if the window is certain.
      const said = saidIn(history, { limit }).filter((answer) => !hasValue(answer) || windowOfRefusal(answer)?.certain);
      const finding = judgeValues(judged, said, (answer) =>
        excessesOf(answer, windowOfRefusal(answer) as Window, noise),
      );
      return finding.verdict === 'FAIL' ? { ...finding, ...longerWindow(said, windowOfRefusal) } : finding;
    }),
};

/** How far apart the first and the last value must be, to see whether they tell the same end, and by how much they differ. */
const [WATCHED_MS, SAME_MS] = [1_500, 1_100];

/**
 * Names the cause if all values tell the same end, and it is later than that of the promised window: they are right for
 * a longer one.
 */
function longerWindow(
  said: readonly Said[],
  windowOfRefusal: (answer: Said) => Window | undefined,
): Pick<Finding, 'usually'> {
  const lateBy = said.filter(hasValue).flatMap((answer) => {
    const window = windowOfRefusal(answer);
    return window?.certain ? [{ at: answer.at, ms: answer.at + answer.value * 1_000 - window.endsBefore }] : [];
  });
  const [times, late] = [lateBy.map(({ at }) => at), lateBy.map(({ ms }) => ms)];
  const isWatched = Math.max(...times) - Math.min(...times) >= WATCHED_MS;
  const isSame = Math.max(...late) - Math.min(...late) <= SAME_MS;
  if (!isWatched || !isSame || Math.max(...late) <= SAME_MS) return {};
  return {
    usually: `All Retry-After tell the same end, up to ${(Math.max(...late) / 1_000).toFixed(1)} s after that of the promised window: the window is longer than promised.`,
  };
}

const limitsWithRetryAfter = (facts: Facts) => (facts.contract.limiter.retryAfter ? limitsOf(facts) : []);

const checkOf = (limit: string): string => `correct Retry-After: ${limit}`;

/** The error of a value in milliseconds, and how much of it the machine may have caused. */
interface Excess {
  readonly ms: number;
  readonly noise: number;
}

/** Judges values by how much they are too short or too long. The worst value is shown without the noise. */
function judgeValues(
  judged: Pick<Finding, 'check' | 'expected' | 'requests'>,
  said: readonly Said[],
  excessesOfValue: (answer: Said) => readonly Excess[],
): Finding {
  const judge = ({ ms, noise }: Excess) => judgeExcess(ms, RETRY_AFTER_MS, noise);
  const wrong = said
    .filter(hasValue)
    .flatMap(excessesOfValue)
    .filter((excess) => judge(excess) !== 'PASS')
    .sort((a, b) => b.ms - b.noise - (a.ms - a.noise));
  const evidence = wrong
    .slice(0, 1)
    .flatMap(({ ms, noise }) => whatIsLeft('the most wrong value: measured', ms, RETRY_AFTER_MS, noise));
  return withEvidence(
    judgeRetryAfter(judged, said, (answer) => worst(excessesOfValue(answer).map(judge))),
    evidence,
  );
}

/**
 * Returns by how much a value is wrong. It must be neither definitely too short nor definitely too long, no matter when
 * the request was handled. A value that ends when all requests are allowed again is not too long if they were made at
 * once. If the machine was too slow for that, the value is undecided.
 */
function excessesOf({ at, value, tags }: Said, { endsAfter, endsBefore, allBefore }: Window, noise: number): Excess[] {
  const tooShort = endsAfter - (at + value * 1_000);
  const tooLong = Number(tags.sent) + value * 1_000 - (endsBefore + 1_000);
  return [
    { ms: tooShort, noise },
    { ms: tooLong, noise: noise + allBefore - endsBefore },
  ];
}

/** Judges the values of a token bucket: at the end of the wait there must be a token, and not long before. */
function judgeBucket(
  history: History,
  facts: Facts,
  described: { limit: string; max: number; lengthMs: number },
): Finding {
  const { limit } = described;
  const noise = noiseMs(history, facts);
  const bucket = bucketOf(described);
  const requests = requestsTo(history, facts, limit);
  const judged = {
    check: checkOf(limit),
    requests: [{ limit }],
    expected: 'the time until there is a token, in whole seconds',
  };
  return judgeValues(judged, saidIn(history, { limit }), ({ at, value, tags }) => {
    const from = Number(tags.sent);
    const waitMs = value * 1_000;
    const tooShort = (1 - mostTokens(bucket, requests, { from, until: at + waitMs })) / bucket.perMs;
    const longest = Math.max(0, 1 - leastTokens(bucket, requests, { from, until: at })) / bucket.perMs;
    const tooLong = waitMs - longest - 1_000;
    return [{ ms: Math.max(tooShort, tooLong), noise }];
  });
}
