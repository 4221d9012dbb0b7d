import { count } from '../../base/in-words.ts';
import { median } from '../../base/median.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import type { Checker, Facts } from '../lib/checker.ts';
import type { Noise } from '../lib/noise.ts';
import { machinePauses } from '../lib/stalls.ts';
import { starvation } from '../lib/starvation.ts';

/** Fewer waits prove nothing. */
const LEAST_WAITS = 8;
/** Shorter waits can't be told from the time that a request takes, in milliseconds. */
const LEAST_MS = 50;

/**
 * The range of the waits, as a share of their median, up to which they are alike, and from which on they differ.
 *
 * With n waits that are spread evenly over a share s of their median, the range is below r·s with a probability of
 * n·rⁿ⁻¹ − (n − 1)·rⁿ. The openai client has s = 0.29, so that 12 waits look alike with a probability of 4·10⁻⁸, and
 * differ with one of 0.9999.
 */
const ALIKE = 0.05;
const DIFFERENT = 0.1;

/**
 * Checks that the waits before another attempt differ, so that many callers whose calls fail together don't come back
 * together. One caller makes several calls, one after another, each of which fails once.
 */
export const backoffJittered: Checker = {
  name: 'backoff-jittered',
  timed: true,
  restsOn: ['steady-state', 'upstream-attempts'],
  usually: 'The time between attempts is fixed, or depends only on the number of the attempt. Add a random part to it.',
  judge(history, facts) {
    const noise = noiseIn(history, facts);
    return history
      .phasesLike('one failure each: * in **')
      .map(({ name: phase, parts: [upstream = '', endpoint = ''] }) => ({
        check: `time between attempts differs: ${upstream}, ${endpoint}`,
        requests: [{ phase }],
        expected: `the range is at least ${DIFFERENT * 100}% of the median`,
        ...judgeWaits(waitsIn(history.receiptsIn(phase, upstream)), noise),
      }));
  },
};

/** A wait: when a request failed, and when it was sent again, in milliseconds since the epoch. */
interface Wait {
  readonly from: number;
  readonly until: number;
}

/** Returns the waits between each request that failed and the next one, or none if they can't be told apart. */
function waitsIn(receipts: readonly RequestReceipt[]): Wait[] {
  const isFailed = ({ faults }: RequestReceipt) => faults.length > 0;
  const isAlternating = receipts.every((one, index) => isFailed(one) === (index % 2 === 0));
  if (!isAlternating) return [];
  return receipts.flatMap(({ at }, index) => {
    const next = receipts[index + 1];
    return index % 2 === 0 && next ? [{ from: at, until: next.at }] : [];
  });
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

function judgeWaits(waits: readonly Wait[], noise: Noise): Pick<Finding, 'observed' | 'verdict'> {
  if (waits.length === 0) return { observed: 'the calls were not repeated one by one', verdict: 'INCONCLUSIVE' };
  const times = waits.map(({ from, until }) => until - from);
  // The machine may have prolonged a wait, but can't have shortened it.
  const sure = Math.max(...waits.map(({ from, until }) => until - from - noise(from, until))) - Math.min(...times);
  const range = Math.max(...times) - Math.min(...times);
  const middle = median(times);
  const observed = `${count(waits.length, 'wait')}, median ${middle.toFixed(0)} ms, range ${range.toFixed(0)} ms`;
  if (waits.length < LEAST_WAITS || middle < LEAST_MS) return { observed, verdict: 'INCONCLUSIVE' };
  const verdict: Verdict = range <= ALIKE * middle ? 'FAIL' : sure >= DIFFERENT * middle ? 'PASS' : 'INCONCLUSIVE';
  return { observed, verdict };
}
