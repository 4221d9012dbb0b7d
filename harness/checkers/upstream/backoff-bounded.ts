import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { judgeExcess, noiseOf, whatIsLeftOver } from '../lib/noise.ts';
import { TRIAL_LATE_MS } from '../lib/tolerances.ts';
import { type FailingCalls, type FailingPhase, failingCalls } from './failing-calls.ts';
import { failureIn } from './failure.ts';
import { casesTogether, ifAllBegan } from './several-phases.ts';

/**
 * Checks that a failed request is retried within the promised time, unless the upstream asked for a different wait: a
 * backoff that grows without a limit keeps callers waiting long after the upstream works again.
 */
export const backoffBounded: BuiltInChecker = {
  name: 'backoff-bounded',
  timed: true,
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The time between attempts grows without a maximum, the maximum is applied before the random part is added, or its unit is wrong.',
  fix: 'Cap the wait after the random part is added: `Math.min(maxMs, baseMs * 2 ** attempt * (0.5 + Math.random()))`. Check its unit.',
  cases: (facts) => casesTogether(together(facts)),
  without: 'no upstream has `upstreams.NAME.calls.backoff.maxSeconds`',
  judge: (history, facts) =>
    [...Map.groupBy(failingCalls(history, facts), checkOf)].flatMap(([check, calls]) =>
      judgeWaits(history, facts, check, calls).map((finding) => ifAllBegan(finding, calls.length, together(facts))),
    ),
};

const checkOf = ({ upstream, endpoint }: Pick<FailingPhase, 'upstream' | 'endpoint'>): string =>
  `time between attempts is bounded: ${upstream}, ${endpoint}`;

const longestWait = ({ contract }: Facts, upstream: string): number | undefined =>
  promisedCallsOf(contract, upstream).backoff?.maxSeconds;

const together = (facts: Facts) => ({
  planned: planned(facts, 'failing')?.filter(({ upstream }) => longestWait(facts, upstream) !== undefined),
  checkOf,
  promisesOf: ({ upstream }: FailingPhase) => [['upstreams', upstream, 'calls', 'backoff', 'maxSeconds']],
});

function judgeWaits(history: History, facts: Facts, check: string, calls: readonly FailingCalls[]): Finding[] {
  const maxSeconds = longestWait(facts, calls[0]?.upstream ?? '');
  if (maxSeconds === undefined) return [];
  const noise = noiseOf(history, facts);
  const bounded = calls.filter((call) => !hasRetryAfter(history, facts, call));
  const waits = bounded.flatMap(({ met, fault }) =>
    waitsIn(met).map(({ from, until }) => ({ ms: until - from, noise: noise(from, until), fault })),
  );
  const longest = waits.toSorted((a, b) => a.ms - b.ms).at(-1);
  const judged: Omit<Finding, 'observed' | 'verdict'> = {
    check,
    requests: tagsIn(bounded.map(({ phase }) => phase)),
    expected: `at most ${maxSeconds} s, unless the upstream asks for a different wait`,
  };
  if (!longest) return [{ ...judged, observed: 'no second attempt', verdict: 'INCONCLUSIVE' }];
  const seconds = (longest.ms / 1_000).toFixed(2);
  const latestMs = maxSeconds * 1_000 + TRIAL_LATE_MS;
  const evidence = whatIsLeftOver('measured', waits, maxSeconds * 1_000, TRIAL_LATE_MS);
  return [
    {
      ...judged,
      observed: `the longest of ${count(waits.length, 'wait')} was ${seconds} s, after ${longest.fault}`,
      verdict: worst(waits.map((wait) => judgeExcess(wait.ms, latestMs, wait.noise))),
      ...(evidence.length > 0 && { evidence }),
    },
  ];
}

/**
 * Whether the upstream asked for a wait before the next attempt, or this is not known. An expired one doesn't count.
 */
function hasRetryAfter(history: History, facts: Facts, calls: FailingCalls): boolean {
  const failure = failureIn(history, facts, calls);
  return failure === undefined || (failure.retryAfter?.seconds ?? 0) > 0;
}

/** Returns the times from the end of each attempt to the beginning of the next one. */
const waitsIn = (attempts: readonly RequestReceipt[]): { readonly from: number; readonly until: number }[] =>
  attempts.slice(1).map(({ at }, index) => {
    const before = attempts[index] as RequestReceipt;
    return { from: before.endedAt ?? before.at, until: at };
  });
