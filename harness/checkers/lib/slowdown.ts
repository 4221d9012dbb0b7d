import { median } from '../../base/median.ts';
import type { Tags } from '../../contract/tags.ts';
import type { Finding } from '../../verdict/finding.ts';
import { subtracted } from './noise.ts';

/**
 * Durations in milliseconds with and without a possible cause of slowdown, in the order in which they were measured.
 */
export interface Compared {
  /** Periods without the cause. */
  without: readonly (readonly number[])[];
  with: readonly number[];
}

/** The maximum ratio for "as fast as before". */
const BOUND = 1.2;
/**
 * Smaller differences, in milliseconds, are attributed to the scheduler, because the generator, the lab and the service
 * share a machine.
 */
const LEAST_MS = 1;
/** Each period is split into this many pieces. The spread of their medians is the noise. */
const PIECES = 6;
/** Minimum number of durations for a median. */
const ENOUGH = 5;
/**
 * A slowdown by more than both this factor and this many milliseconds is not excused by noise. It is compared with the
 * fastest piece, because other programs make calls slower, but never faster.
 */
const [HIDES_TIMES, HIDES_MS] = [3, 5];

/**
 * Judges whether something became slower, which means that its median grew by more than the ratio, a millisecond, and
 * the run's noise.
 *
 * The noise is the spread of the medians without the cause, times the slowdown of a control that doesn't use the
 * service. The verdict is only FAIL if every piece is slower even after subtracting the average wait for a processor
 * (`starvedMs`), because a busy machine is not a defect.
 */
export function judgeSlowdown(
  { without, with: during }: Compared,
  control: Compared,
  { check, requests, what, starvedMs }: { check: string; requests: readonly Tags[]; what: string; starvedMs: number },
): Finding {
  const judged = { check, requests, expected: `a median within ${BOUND} × that of ${what}, or within the noise` };
  const pieces = without.flatMap(cut);
  const slow = cut(during);
  if ([...pieces, ...slow].some((piece) => piece.length < ENOUGH) || without.length === 0) {
    return { ...judged, observed: 'too few samples', verdict: 'INCONCLUSIVE' };
  }
  const [usual, now] = [median(without.flat()), median(during)];
  const ratio = now / usual;
  const medians = pieces.map(median);
  const [fastest, noise] = [Math.min(...medians), Math.max(...medians) / usual];
  const slowdown = median(control.with) / median(control.without.flat());
  const machine = Number.isFinite(slowdown) ? Math.max(1, slowdown) : 1;
  const bound = Math.max(BOUND, noise, 1 + LEAST_MS / usual) * machine;
  const slower = slow.filter((piece) => median(piece) - starvedMs > bound * usual).length;
  const observed =
    `${now.toFixed(1)} ms, ${ratio.toFixed(2)} × ${usual.toFixed(1)} ms; noise up to ` +
    `${(noise * machine).toFixed(2)} ×; slower in ${slower} of ${PIECES} pieces`;
  if (ratio <= BOUND) return { ...judged, observed, verdict: 'PASS' };
  if (ratio <= bound) {
    const isExcused = now <= Math.max(HIDES_TIMES * fastest, fastest + HIDES_MS);
    return { ...judged, observed, verdict: isExcused ? 'PASS' : 'INCONCLUSIVE' };
  }
  const evidence = subtracted('the median: measured', now, { 'of waiting for a processor': starvedMs });
  return {
    ...judged,
    observed,
    ...(evidence.length > 0 && { evidence }),
    verdict: slower === PIECES && Number.isFinite(slowdown) ? 'FAIL' : 'INCONCLUSIVE',
  };
}

function cut(times: readonly number[]): number[][] {
  const size = times.length / PIECES;
  return Array.from({ length: PIECES }, (_, index) =>
    times.slice(Math.round(index * size), Math.round((index + 1) * size)),
  );
}
