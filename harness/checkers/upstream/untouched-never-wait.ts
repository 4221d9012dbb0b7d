import { upperMedian } from '../../base/median.ts';
import { percentile } from '../../base/percentile.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, breakerOf, callsAsEvidence, type Facts, isServed, tally } from '../lib/checker.ts';
import { becauseOfFew, ROOM, WHY_NO_ROOM } from '../lib/few-calls.ts';
import { noiseOf, ownTime, whatIsLeftOver } from '../lib/noise.ts';
import { fromDue } from '../lib/request-times.ts';
import { SEVERAL } from '../lib/tolerances.ts';

/** A bound for how many milliseconds longer than usual calls may take, and the share of calls that may take longer. */
interface Bound {
  readonly ms: number;
  readonly share: number;
}

/** A service that freezes once exceeds the first limit. A service that hangs repeatedly exceeds the second. */
const FROZEN: Bound = { ms: 500, share: 0 };
const HANGING: Bound = { ms: 250, share: 0.05 };
const BOUNDS = [FROZEN, HANGING];

/** Minimum number of calls before the outage, and during it. */
const ENOUGH = 20;
/** Maximum number of late calls to list. */
const LISTED = 5;

/**
 * Checks that the service is never frozen during an outage, not even once: from the first hanging call until the
 * upstream is back, calls to the untouched endpoints that the script sends on a schedule are answered soon after they
 * were due.
 *
 * A frozen service delays all calls that are due in the meantime, so a few late calls prove it. A median would not show
 * them, and neither would calls that wait for each other. Time that the machine may have added doesn't count.
 */
export const untouchedNeverWait: BuiltInChecker = {
  name: 'untouched-never-wait',
  timed: true,
  restsOn: ['steady-state', 'breaker-opens'],
  usually:
    'Something blocks the event loop or all workers: a synchronous sleep, file, hash or lock in the code that handles failures.',
  fix: 'Replace the synchronous call with an asynchronous one (sleep, file access, hash). In Python, run it with `asyncio.to_thread` or `run_in_executor`.',
  cases: (facts) => {
    const { name, untouched } = breakerOf(facts);
    return untouched.length === 0 ? [] : [{ check: CHECK, promises: [['breakers', name, 'untouched']] }];
  },
  without: 'its breaker has no `untouched` endpoints',
  judge: (history, facts) =>
    breakerOf(facts).untouched.length === 0 ? [] : [becauseOfFew(judge(history, facts), facts, ROOM, WHY_NO_ROOM)],
};

const CHECK = 'never frozen in an outage';

function judge(history: History, facts: Facts): Finding {
  const noise = noiseOf(history, facts);
  const began = history.phases('hanging')[0]?.at ?? Number.POSITIVE_INFINITY;
  const calls = history.requests({ about: 'look' }).map(fromDue);
  const [before, during] = [calls.filter(({ at }) => at < began), calls.filter(({ at }) => at >= began)];
  const usual = usualTimes(before);
  const extra = ({ ms, tags }: RequestSample) => ms - (usual.get(tags.endpoint) ?? 0);
  const latenessOf = (call: RequestSample) => ({ ms: extra(call), noise: call.ms - ownTime(call, noise) });
  const beyond = (of: readonly RequestSample[], { ms }: Bound) => of.filter((call) => extra(call) > ms);
  /** Whether more calls than allowed are late, even without the delays of the machine. */
  const isProved = (of: readonly RequestSample[], bound: Bound) => {
    const late = of.map(latenessOf).filter((lateness) => lateness.ms - lateness.noise > bound.ms);
    return late.length >= Math.max(SEVERAL, of.length * bound.share);
  };
  const wrong = during.filter((call) => !isServed(facts, call));
  const late = beyond(during, FROZEN);
  const judged: Omit<Finding, 'verdict'> = {
    check: CHECK,
    requests: [{ about: 'look' }],
    expected: `served at most ${FROZEN.ms} ms later than usual, and 95 % at most ${HANGING.ms} ms, from when calls were due`,
    observed: `${describe(during, late.length)}${wrong.length > 0 ? `: ${tally(during.map(answerOf))}` : ''}`,
    evidence: [
      ...whatIsLeftOver('measured: later than usual by', during.map(latenessOf), HANGING.ms),
      ...callsAsEvidence(beyond(during, HANGING), began).slice(0, LISTED),
    ],
  };
  // An endpoint that was as late before has another problem.
  const isFrozen = BOUNDS.some((bound) => isProved(during, bound) && !isProved(before, bound));
  if (wrong.length > 0 || isFrozen) return { ...judged, verdict: 'FAIL' };
  const enough = Math.min(before.length, during.length) >= ENOUGH && isHanging(history, facts);
  const held = BOUNDS.every((bound) => beyond(during, bound).length <= during.length * bound.share);
  return { ...judged, verdict: held && enough ? 'PASS' : 'INCONCLUSIVE' };
}

/** Returns each endpoint's median before the outage, in milliseconds. */
const usualTimes = (calls: readonly RequestSample[]): Map<string | undefined, number> =>
  new Map(
    [...Map.groupBy(calls, ({ tags }) => tags.endpoint)].map(([endpoint, of]) => [
      endpoint,
      upperMedian(of.map(({ ms }) => ms)),
    ]),
  );

function describe(calls: readonly RequestSample[], late: number): string {
  if (calls.length === 0) return 'no calls';
  const times = calls.map(({ ms }) => ms);
  const [p50, p99, longest] = [0.5, 0.99, 1].map((part) => `${percentile(times, part).toFixed(0)} ms`);
  return `p50 ${p50}, p99 ${p99}, longest ${longest}; ${late} of ${calls.length} late`;
}

/** Whether the upstream was called and served nobody, so that the service had to deal with its outage. */
function isHanging(history: History, facts: Facts): boolean {
  const load = history.requestsIn(history.phases('hanging'), { about: 'load' });
  return load.length > 0 && !load.some((call) => isServed(facts, call));
}
