import type { PastRun } from '../report/run-folder.ts';
import { type Round, readRound } from './round.ts';

/** Rounds that were measured, and the folders of those that were not: they failed, or proved nothing. */
export interface Rounds {
  rounds: Round[];
  failed: string[];
  leftOut: string[];
  /** The first of all; undefined where none was made. */
  first: PastRun | undefined;
}

/**
 * Measures round after round until as many as wanted have passed. One that proved nothing, since machine or generator were
 * paused, is made again: at most as many again as are wanted. One that failed ends it.
 *
 * @param make Makes a round: a run of the suite `gate`.
 * @param isOver Whether no more are to be begun.
 */
export async function takeRounds(
  wanted: number,
  make: (nth: number) => Promise<PastRun>,
  isOver: (first: PastRun) => boolean,
): Promise<Rounds> {
  const taken: Rounds = { rounds: [], failed: [], leftOut: [], first: undefined };
  for (let nth = 1; nth <= 2 * wanted && taken.rounds.length < wanted && taken.failed.length === 0; nth += 1) {
    const run = await make(nth);
    taken.first ??= run;
    if (run.result.verdict === 'PASS') taken.rounds.push(await readRound(run.folder, run.result));
    else (run.result.verdict === 'FAIL' ? taken.failed : taken.leftOut).push(`${run.result.verdict}: ${run.folder}`);
    if (isOver(taken.first)) break;
  }
  return taken;
}
