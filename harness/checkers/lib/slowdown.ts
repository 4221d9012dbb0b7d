import { median } from '../../base/median.ts';
import type { Finding } from '../../verdict/finding.ts';

/** Times of one thing in milliseconds, in the order in which they were measured, without and with what may slow it down. */
export interface Compared {
  /** Stretches of time without it. */
  without: readonly (readonly number[])[];
  with: readonly number[];
}

/** As much slower as nobody needs to mind (specification R4: "as fast as before", read as within 1.2 times). */
const BOUND = 1.2;
/** Milliseconds below which a difference is the scheduler's, on a machine that generator, lab and service share. */
const LEAST_MS = 1;
/** Pieces that each stretch is cut into: how much their medians differ is the noise. */
const PIECES = 6;
/** Times without which a piece's median says nothing. */
const ENOUGH = 5;
/** A slowdown that the noise must not excuse: so many times as slow, and by so many milliseconds. */
const [HIDES_TIMES, HIDES_MS] = [3, 5];

/**
 * Judges whether something became slower: by its median, and by more than the bound, a millisecond and the noise of the same run. The noise
 * is what the medians of pieces differ by without it, and what a control that has nothing to do with the service became slower by.
 * To be FAIL, all of it has to be slower, piece by piece, also without what each waited for a processor (`starvedMs`, on average): a
 * busy machine is no defect.
 */
export function judgeSlowdown(
  { without, with: during }: Compared,
  control: Compared,
  { check, what, starvedMs }: { check: string; what: string; starvedMs: number },
): Finding {
  const judged = { check, expected: `a median within ${BOUND} × that of ${what}, or within the noise` };
  const pieces = without.flatMap(cut);
  const slow = cut(during);
  if ([...pieces, ...slow].some((piece) => piece.length < ENOUGH) || without.length === 0) {
    return { ...judged, observed: 'too few samples', verdict: 'INCONCLUSIVE' };
  }
  const usual = median(without.flat());
  const ratio = median(during) / usual;
  const noise = Math.max(...pieces.map(median)) / usual;
  const machine = Math.max(1, median(control.with) / median(control.without.flat()));
  const bound = Math.max(BOUND, noise, 1 + LEAST_MS / usual) * machine;
  const slower = slow.filter((piece) => median(piece) - starvedMs > bound * usual).length;
  const observed =
    `${median(during).toFixed(1)} ms, ${ratio.toFixed(2)} × ${usual.toFixed(1)} ms; noise up to ` +
    `${(noise * machine).toFixed(2)} ×; slower in ${slower} of ${PIECES} pieces`;
  if (ratio <= BOUND) return { ...judged, observed, verdict: 'PASS' };
  if (ratio <= bound) {
    const isExcused = bound * usual <= Math.max(HIDES_TIMES * usual, usual + HIDES_MS);
    return { ...judged, observed, verdict: isExcused ? 'PASS' : 'INCONCLUSIVE' };
  }
  return { ...judged, observed, verdict: slower === PIECES ? 'FAIL' : 'INCONCLUSIVE' };
}

function cut(times: readonly number[]): number[][] {
  const size = times.length / PIECES;
  return Array.from({ length: PIECES }, (_, index) =>
    times.slice(Math.round(index * size), Math.round((index + 1) * size)),
  );
}
