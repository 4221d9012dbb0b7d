import { availableParallelism } from 'node:os';
import { EXIT } from '../../harness/base/errors.ts';
import { sideBySide } from '../../harness/base/side-by-side.ts';
import { measuredAgain } from '../support/measured-again.ts';
import { usage } from '../support/usage.ts';
import { DEFECTS } from './catalogue.ts';
import type { Defect } from './defect.ts';
import { matrix, unproved } from './matrix.ts';
import type { Proving } from './proving.ts';
import { isCaught, type Outcome, runDefect, whyUndecided } from './run-defect.ts';

/** Runs services with a known defect against the checks that must catch them: all, or those that DEFECT names. */
export async function proveDefects(signal: AbortSignal): Promise<Proving> {
  const { DEFECT, JOBS } = process.env;
  const chosen = DEFECT ? DEFECTS.filter(({ name }) => DEFECT.split(',').includes(name)) : DEFECTS;
  if (chosen.length === 0)
    usage(`there is no defect "${DEFECT}"; there are ${DEFECTS.map(({ name }) => name).join(', ')}`);
  const jobs = JOBS ? Number(JOBS) : availableParallelism();
  if (!Number.isInteger(jobs) || jobs < 1) usage(`JOBS=${JOBS}: allowed: any whole number from 1`);
  const found: Outcome[] = [];
  await sideBySide(chosen, jobs, async (defect, index) => {
    if (!signal.aborted) found[index] = await tryOne(defect, signal);
  });
  const outcomes = found.filter(Boolean);
  // If several run at once on a busy machine, a check may be undecided, which says nothing about the defect.
  for (const [index, outcome] of outcomes.entries()) {
    if (signal.aborted) break;
    const { defect } = outcome;
    outcomes[index] = await measuredAgain(defect.name, outcome, whyUndecided, () => tryOne(defect, signal));
  }
  console.log(`\n${matrix(outcomes)}`);
  const problems = DEFECT
    ? outcomes.filter((outcome) => !isCaught(outcome)).map((outcome) => unproved([outcome])[0])
    : unproved(outcomes);
  const removals = outcomes.flatMap((outcome) => outcome.removals ?? []);
  const unnoticed = removals.flatMap((removal) => removal.unnoticed);
  const tried = removals.reduce((sum, removal) => sum + removal.tried, 0);
  const survived =
    unnoticed.length > 0 || outcomes.some((outcome) => !isCaught(outcome) && whyUndecided(outcome) === undefined);
  const isOpen = signal.aborted || outcomes.some((outcome) => whyUndecided(outcome) !== undefined);
  return {
    lines: [
      ...problems.map((problem) => `✖ ${problem}`),
      `${outcomes.filter(isCaught).length} of ${chosen.length} defects caught`,
      ...unnoticed.map((removal) => `✖ events were removed, and the judge did not notice: ${removal}`),
      `${tried - unnoticed.length} of ${tried} removals of events noticed`,
    ],
    code: survived ? EXIT.fail : isOpen ? EXIT.inconclusive : problems.length > 0 ? EXIT.fail : EXIT.pass,
  };
}

async function tryOne(defect: Defect, signal: AbortSignal): Promise<Outcome> {
  const outcome = await runDefect(defect, signal);
  const undecided = whyUndecided(outcome);
  const verdict = isCaught(outcome) ? 'caught' : undecided === undefined ? 'SURVIVED' : 'unsure';
  const why = undecided === undefined ? '' : `  (${undecided})`;
  console.log(
    `${verdict.padEnd(8)} ${defect.name}  ${defect.scenario}: ${defect.check}  ${outcome.seconds.toFixed(1)} s${why}`,
  );
  return outcome;
}
