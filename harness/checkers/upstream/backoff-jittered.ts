import { count } from '../../base/in-words.ts';
import { mean } from '../../base/mean.ts';
import { median } from '../../base/median.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import type { PlannedAction } from '../../contract/phases.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { type Noise, whatIsLeft } from '../lib/noise.ts';
import { machinePauses } from '../lib/stalls.ts';
import { starvation } from '../lib/starvation.ts';
import { casesTogether, ifAllBegan } from './several-phases.ts';

/** Fewer waits prove nothing. */
const LEAST_WAITS = 12;
/** Shorter waits can't be distinguished from the duration of a request, in milliseconds. */
const LEAST_MS = 50;

/**
 * The spread of the waits, as a share of their median. Up to the first value, callers retry together. From the second
 * value, they don't, if more than the first one is left without the noise.
 *
 * If the waits of n callers are spread evenly over a share s of their median, their range is s·(n − 1)/(n + 1) on
 * average. So each volley gives an estimate of s, and the mean of all volleys counts. For s = 0.25, four volleys of 10
 * callers give at most 0.075 with a probability below 10⁻⁴, and at least 0.1 with one above 0.995; for twelve volleys
 * of 2 callers, these are 0.0013 and 0.988 (simulated, for the least favourable distances between the failures).
 */
const ALIKE = 0.075;
const DIFFERENT = 0.1;

/**
 * Checks that callers whose calls fail together don't retry together. Many callers call at once, and the first attempt
 * of each call fails. The check fails if the waits are fixed, and also if they differ only between calls at different
 * times.
 */
export const backoffJittered: BuiltInChecker = {
  name: 'backoff-jittered',
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The time between attempts is fixed, depends only on the attempt number, or is chosen once for several calls. Add a random part to each wait.',
  fix: "Multiply the wait by a random number, such as `wait * (0.5 + Math.random())`, or choose it between 0 and the maximum (full jitter). Choose a new random number for each call, and don't use one timer for several calls.",
  cases: (facts) => casesTogether(together(facts)),
  without: 'no upstream has `upstreams.NAME.calls.backoff.jitter`',
  judge(history, facts) {
    const [noise, paused] = [noiseIn(history, facts), machinePauses(history)];
    return [...Map.groupBy(history.phases('volley'), checkOf)].map(([check, volleys]): Finding => {
      const upstream = volleys[0]?.upstream ?? '';
      const fired = volleys.map((volley) => volleyIn(history.receiptsIn(volley, upstream), shortest(facts, upstream)));
      const finding: Finding = {
        check,
        requests: tagsIn(volleys),
        expected: `the waits of callers that fail together spread over at least ${DIFFERENT * 100}% of their median`,
        ...judgeVolleys(
          fired.flatMap((volley) => volley ?? []),
          noise,
          paused,
        ),
      };
      return ifAllBegan(finding, volleys.length, together(facts));
    });
  },
};

const checkOf = ({ upstream, endpoint }: PlannedAction<'volley'>): string =>
  `time between attempts differs: ${upstream}, ${endpoint}`;

const together = (facts: Facts) => ({
  planned: planned(facts, 'volley'),
  checkOf,
  promisesOf: ({ upstream }: PlannedAction<'volley'>) => [['upstreams', upstream, 'calls', 'backoff', 'jitter']],
});

/** When the requests of a volley failed, and when they were retried, in order, in milliseconds since the epoch. */
interface Volley {
  readonly failed: readonly number[];
  readonly again: readonly number[];
}

/** Maximum time between the first and the last failure of a volley, in milliseconds, if no minimum is promised. */
const ALL_FAIL_WITHIN = 50;

const shortest = ({ contract }: Facts, upstream: string): number =>
  (promisedCallsOf(contract, upstream).backoff?.minSeconds || ALL_FAIL_WITHIN / 1_000) * 1_000;

/**
 * Returns a volley, or undefined if some of its requests were not retried, or if one may have been retried before all
 * of them had failed.
 */
function volleyIn(receipts: readonly RequestReceipt[], shortestMs: number): Volley | undefined {
  const timesOf = (some: readonly RequestReceipt[]) => some.map(({ at }) => at).sort((a, b) => a - b);
  const failed = timesOf(receipts.filter(({ faults }) => faults.length > 0));
  const again = timesOf(receipts.filter(({ faults }) => faults.length === 0));
  const [first = 0, last = 0] = [failed[0], failed.at(-1)];
  return failed.length < 2 || failed.length !== again.length || last >= first + shortestMs
    ? undefined
    : { failed, again };
}

/**
 * Returns by how much the machine may have prolonged a wait. Only the service and the fakes take part in it, and delays
 * at another time don't count.
 */
function noiseIn(history: History, { noise }: Facts): Noise {
  const starved = starvation(history, ['service', 'fakes']);
  const paused = machinePauses(history);
  const always = Math.max(noise.timerLateMs, noise.loopbackMs);
  return (from, until) => always + starved(from, until) + paused(from, until);
}

/** @param paused Returns how long the machine paused. Callers whose waits end during a pause retry together after it. */
function judgeVolleys(
  volleys: readonly Volley[],
  noise: Noise,
  paused: Noise,
): Pick<Finding, 'observed' | 'verdict' | 'evidence'> {
  const waits = volleys.flatMap(waitsIn);
  if (waits.length === 0) return { observed: 'no volley in which all calls were made again', verdict: 'INCONCLUSIVE' };
  const middle = median(waits);
  const spread = mean(volleys.map((volley) => spreadOf(volley)));
  // The machine may have prolonged a wait, but can't have shortened it.
  const sure = mean(volleys.map((volley) => spreadOf(volley, noise)));
  const share = ((spread / middle) * 100).toFixed(0);
  const observed =
    `${count(volleys.length, 'volley')}, ${count(waits.length, 'wait')}: median ${middle.toFixed(0)} ms, ` +
    `spread over ${spread.toFixed(0)} ms (${share}%)`;
  if (waits.length < LEAST_WAITS || middle < LEAST_MS) return { observed, verdict: 'INCONCLUSIVE' };
  if (spread <= ALIKE * middle) return { observed, ...judgeAlike(volleys, middle, paused) };
  const evidence = whatIsLeft('measured a spread of', spread, 0, spread - sure);
  const isDifferent = spread >= DIFFERENT * middle && sure > ALIKE * middle;
  const verdict = isDifferent ? 'PASS' : 'INCONCLUSIVE';
  return { observed, verdict, ...(evidence.length > 0 && { evidence }) };
}

/** Judges volleys whose callers retried together: FAIL if there are enough of them during which no pause can explain it. */
function judgeAlike(volleys: readonly Volley[], middle: number, paused: Noise): Pick<Finding, 'verdict' | 'evidence'> {
  const quiet = volleys.filter(({ failed, again }) => {
    const [from = 0, until = 0] = [failed[0], again.at(-1)];
    return paused(from, until) < ALIKE * middle;
  });
  const isSure =
    quiet.flatMap(waitsIn).length >= LEAST_WAITS && mean(quiet.map((volley) => spreadOf(volley))) <= ALIKE * middle;
  if (isSure) return { verdict: 'FAIL' };
  return {
    verdict: 'INCONCLUSIVE',
    evidence: [
      `the machine paused during ${count(volleys.length - quiet.length, 'volley')}, after which callers retry together`,
    ],
  };
}

/**
 * Returns the waits of a volley. It is unknown which failure belongs to which retry, so they are paired in order, which
 * makes the waits differ the least.
 */
const waitsIn = ({ failed, again }: Volley): number[] => again.map((at, index) => at - (failed[index] as number));

/**
 * Returns the estimated time over which the waits of a volley are spread, in milliseconds, without the noise since the
 * first caller came back. A delay before that makes all waits longer.
 */
function spreadOf(volley: Volley, noise: Noise = () => 0): number {
  const { again } = volley;
  const waits = waitsIn(volley);
  const range = Math.max(...waits) - Math.min(...waits) - noise(again[0] as number, again.at(-1) as number);
  return (Math.max(0, range) * (waits.length + 1)) / (waits.length - 1);
}
