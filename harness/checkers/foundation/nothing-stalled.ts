import { PARTIES, type Stall } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { loaded, stallsUnderLoad } from '../lib/stalls.ts';

/** A pause of this many milliseconds invalidates all measured times, because delays may not be the service's fault. */
const VOIDS_TIMES_MS = 250;
/**
 * An event-loop pause of this many milliseconds invalidates even passed checks. Shorter pauses are normal on a busy
 * machine: timing checks treat them as noise, and checks that need simultaneous calls look at the send times.
 */
const TOO_LONG_MS = 500;

/**
 * Checks that the generator, the lab and the machine ran without a long pause while requests were in flight. Otherwise,
 * the measured times may only reflect the pause.
 *
 * If the harness couldn't monitor whether the generator was stopped from outside, a pause of its event loop counts as
 * such a stop. Pauses of a service on another machine are unknown, so its measured times prove no failure.
 */
export const nothingStalled: BuiltInChecker = {
  name: 'nothing-stalled',
  usually: 'Other programs use the same processors. Run the scenario again when the machine is less busy.',
  fix: 'Run the scenario again while nothing else runs, or with fewer scenarios at once: `JOBS=1`.',
  noDefect: 'judges the machine: it makes a run INCONCLUSIVE and never blames the service',
  cases: () => [{ check: 'nothing stalled', promises: [] }],
  judge(history) {
    const stalls = history.all('stall');
    const watchesProcess = stalls.some(({ of }) => of === 'generator process');
    const loops: Stall['of'][] = watchesProcess ? ['generator', 'lab'] : ['lab'];
    const limit = ({ of }: Stall) => (loops.includes(of) ? TOO_LONG_MS : VOIDS_TIMES_MS);
    const judged = {
      check: 'nothing stalled',
      expected: `no pause of ${TOO_LONG_MS} ms in ${loops.join(' or ')}, none of ${VOIDS_TIMES_MS} ms elsewhere`,
    };
    if (!stalls.some(({ of }) => of === 'lab')) {
      const usually = 'The lab ended before it had recorded anything.';
      return [{ ...judged, observed: 'pauses were not recorded', verdict: 'INCONCLUSIVE', usually }];
    }
    const [from] = loaded(history);
    const during = stallsUnderLoad(history);
    const [longest] = during;
    const isElsewhere = history.all('service').some(({ elsewhere }) => elsewhere);
    const pause = longest ? `longest pause: ${longest.ms.toFixed(0)} ms, in the ${longest.of}` : 'no pause';
    const observed = isElsewhere ? `${pause} here; the service's machine and the network can't be seen` : pause;
    const long = during.filter(({ ms }) => ms >= VOIDS_TIMES_MS);
    const evidence = unreported(history);
    if (long.length === 0) {
      const seen = { ...(evidence.length > 0 && { evidence }), ...(isElsewhere && { voids: 'times' as const }) };
      return [{ ...judged, observed, verdict: 'PASS', ...seen }];
    }
    const isShort = long.every((stall) => stall.ms < limit(stall));
    if (!isShort) {
      evidence.unshift(
        'the machine had other work, or a process was stopped: run it again when the machine is less busy',
      );
    }
    evidence.unshift(
      ...long.map(
        ({ at, ms, of }) => `${of}: ${ms.toFixed(0)} ms, ${((at - from) / 1_000).toFixed(1)} s into the load`,
      ),
    );
    return [{ ...judged, observed, verdict: isShort ? 'PASS' : 'INCONCLUSIVE', evidence, voids: 'times' }];
  },
};

/** Lists the parties whose waits for a processor are unknown. Only the run's noise can excuse their delays. */
function unreported(history: History): string[] {
  const reported = new Set(history.all('starved').map(({ of }) => of));
  const others = PARTIES.filter((party) => !reported.has(party));
  return others.length === 0 ? [] : [`waits for a processor are unknown for: ${others.join(', ')}`];
}
