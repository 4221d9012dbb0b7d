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
 * Checks that a failed request is retried within the promised time, and that all waits of a call together are no longer
 * than promised, unless the upstream asked for a different wait: a backoff that grows without a limit keeps callers
 * waiting long after the upstream works again.
 */
export const backoffBounded: BuiltInChecker = {
  name: 'backoff-bounded',
  timed: true,
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The time between attempts grows without a maximum, the maximum is applied before the random part is added, or its unit is wrong. If only all waits together are too long, nothing adds them up.',
  fix: 'Cap the wait after the random part is added: `Math.min(maxMs, baseMs * 2 ** attempt * (0.5 + Math.random()))`. Check its unit. For a total, give up if the next wait would exceed it.',
  cases(facts) {
    const cases = BOUNDS.map((bound) => casesTogether(together(facts, bound)));
    return cases.every((some) => some !== undefined) ? cases.flat() : undefined;
  },
  without: 'no upstream has `upstreams.NAME.calls.backoff.maxSeconds` or `totalSeconds`',
  judge: (history, facts) =>
    BOUNDS.flatMap((bound) =>
      [...Map.groupBy(failingCalls(history, facts), bound.checkOf)].flatMap(([check, calls]) =>
        judgeWaits(history, facts, { ...bound, check, calls }).map((finding) =>
          ifAllBegan(finding, calls.length, together(facts, bound)),
        ),
      ),
    ),
};

type Path = Pick<FailingPhase, 'upstream' | 'endpoint'>;

const checkOfEach = ({ upstream, endpoint }: Path): string =>
  `time between attempts is bounded: ${upstream}, ${endpoint}`;
const checkOfAll = ({ upstream, endpoint }: Path): string =>
  `all waits between attempts are bounded: ${upstream}, ${endpoint}`;

/** A promise about waits before retries. */
interface Bound {
  /** The field of `upstreams.NAME.calls.backoff` that promises it. */
  readonly field: 'maxSeconds' | 'totalSeconds';
  readonly checkOf: (path: Path) => string;
  /** Returns the waits of a call that are judged. */
  readonly waitsOf: (attempts: readonly RequestReceipt[]) => readonly Wait[];
  /** Words before the longest wait. */
  readonly of: (waits: number) => string;
}

/** A wait, or several of them together. */
interface Wait {
  readonly ms: number;
  readonly from: number;
  readonly until: number;
}

const BOUNDS: readonly Bound[] = [
  {
    field: 'maxSeconds',
    checkOf: checkOfEach,
    waitsOf: waitsIn,
    of: (waits) => `the longest of ${count(waits, 'wait')}`,
  },
  {
    field: 'totalSeconds',
    checkOf: checkOfAll,
    waitsOf: (attempts) => inAll(waitsIn(attempts)),
    of: (waits) => `the longest of ${count(waits, 'call')}, all waits together,`,
  },
];

const secondsOf = ({ contract }: Facts, upstream: string, { field }: Bound): number | undefined =>
  promisedCallsOf(contract, upstream).backoff?.[field];

const together = (facts: Facts, bound: Bound) => ({
  planned: planned(facts, 'failing')?.filter(({ upstream }) => secondsOf(facts, upstream, bound) !== undefined),
  checkOf: bound.checkOf,
  promisesOf: ({ upstream }: FailingPhase) => [['upstreams', upstream, 'calls', 'backoff', bound.field]],
});

interface Judged extends Bound {
  readonly check: string;
  readonly calls: readonly FailingCalls[];
}

function judgeWaits(history: History, facts: Facts, { check, calls, ...bound }: Judged): Finding[] {
  const upstream = calls[0]?.upstream ?? '';
  const seconds = secondsOf(facts, upstream, bound);
  if (seconds === undefined) return [];
  const noise = noiseOf(history, facts);
  const bounded = calls.filter((call) => !hasRetryAfter(history, facts, call));
  const waits = bounded.flatMap(({ met, fault }) =>
    bound.waitsOf(met).map(({ ms, from, until }) => ({ ms, noise: noise(from, until), fault })),
  );
  const longest = waits.toSorted((a, b) => a.ms - b.ms).at(-1);
  const judged: Omit<Finding, 'observed' | 'verdict'> = {
    check,
    requests: tagsIn(bounded.map(({ phase }) => phase)),
    expected: `at most ${seconds} s, unless the upstream asks for a different wait`,
  };
  if (!longest) return [{ ...judged, observed: 'no second attempt', verdict: 'INCONCLUSIVE' }];
  const latestMs = seconds * 1_000 + TRIAL_LATE_MS;
  const evidence = whatIsLeftOver('measured', waits, seconds * 1_000, TRIAL_LATE_MS);
  return [
    {
      ...judged,
      observed: `${bound.of(waits.length)} was ${(longest.ms / 1_000).toFixed(2)} s, after ${longest.fault}`,
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
function waitsIn(attempts: readonly RequestReceipt[]): Wait[] {
  return attempts.slice(1).map(({ at: until }, index) => {
    const before = attempts[index] as RequestReceipt;
    const from = before.endedAt ?? before.at;
    return { from, until, ms: until - from };
  });
}

/** Returns all waits of a call as one, if there are any. */
function inAll(waits: readonly Wait[]): Wait[] {
  const first = waits[0];
  const last = waits.at(-1);
  if (!first || !last) return [];
  return [{ from: first.from, until: last.until, ms: waits.reduce((sum, { ms }) => sum + ms, 0) }];
}
