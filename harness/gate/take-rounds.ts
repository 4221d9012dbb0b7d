import type { PastRun } from '../report/run-folder.ts';
import { type Round, readRound } from './round.ts';

/** The rounds that passed, and the folders of those that failed or were INCONCLUSIVE. */
export interface Rounds {
  rounds: Round[];
  failed: string[];
  leftOut: string[];
  /** The first run, or undefined if there was none. */
  first: PastRun | undefined;
}

/**
 * Measures rounds until the desired number has passed. An INCONCLUSIVE round is repeated, up to a total of twice the
 * desired number of rounds. A failed round ends the measurement.
 *
 * @param make Makes a round, which is a run of the `gate` suite.
 * @param isOver Whether to stop after the current round.
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
