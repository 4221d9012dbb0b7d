import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../harness/base/errors.ts';
import { judgeEach } from '../../harness/judge/judge.ts';
import { readCase } from '../../harness/judge/judge-folder.ts';
import type { Lab } from '../../harness/lab/lab.ts';
import { run } from '../../harness/run/run.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import { IN_A_TEST } from '../support/in-a-test.ts';
import { commandOf, type Defect, patternOf } from './defect.ts';
import { type Removals, removeEvents } from './remove-events.ts';

/** The result for a defect: the failed checks by checker, and why the intended check was INCONCLUSIVE, if it was. */
export interface Outcome {
  defect: Defect;
  failed: ReadonlyMap<string, readonly string[]>;
  seconds: number;
  undecided?: string;
  /** How many times events were removed from its history, and the removals that the judge did not notice. */
  removals?: Removals;
}

/** Whether the check that must catch the defect reported FAIL. */
export const isCaught = ({ defect, failed }: Pick<Outcome, 'defect' | 'failed'>): boolean =>
  failed.get(defect.checker)?.some((check) => patternOf(defect).test(check)) === true;

/** The seed of the removals. */
const { SEED = '1' } = process.env;

/** Returns why the result says nothing about the defect, if it does not. */
export const whyUndecided = (outcome: Outcome): string | undefined =>
  isCaught(outcome) ? undefined : outcome.undecided;

/** Returns the name of a failed check, which is another one if the check doesn't say what it must. */
function nameIn(defect: Defect, { check, observed, evidence = [], usually }: Finding): string {
  const { says } = defect;
  if (says === undefined || !patternOf(defect).test(check)) return check;
  const said = [observed, ...evidence, usually].join('\n');
  return said.includes(says) ? check : `${check}, without "${says}", but with: ${said}`;
}

/**
 * Runs the scenario that must catch a defect, in a separate lab and with the profile "fast", and runs each checker
 * independently. Then removes events from its history many times, which the judge must notice. An error decides nothing.
 *
 * @param lab An existing lab, for a defect of the reference service. Defaults to a new one.
 */
export const runDefect = (
  defect: Defect,
  signal: AbortSignal = new AbortController().signal,
  lab?: Lab,
): Promise<Outcome> =>
  runOnce(defect, signal, lab).catch(
    (error): Outcome => ({ defect, failed: new Map(), seconds: 0, undecided: messageOf(error) }),
  );

async function runOnce(defect: Defect, signal: AbortSignal, lab: Lab | undefined): Promise<Outcome> {
  const results = await mkdtemp(join(tmpdir(), 'proofload-defect-'));
  try {
    const { scenarios } = await run({
      ...IN_A_TEST,
      name: defect.name,
      scenarios: [defect.scenario],
      contract: defect.of.contract,
      command: commandOf(defect),
      labs: lab && [lab],
      results,
      signal,
    });
    const [scenario] = scenarios;
    if (!scenario) return { defect, failed: new Map(), seconds: 0, undecided: 'it was not run to its end' };
    const { header, history, facts } = await readCase(join(results, 'latest', scenario.folder));
    const judgements = [...judgeEach(history, facts, header.proof.holds)];
    const failed = new Map(
      judgements.map(([checker, findings]) => [
        checker,
        findings.filter(({ verdict }) => verdict === 'FAIL').map((finding) => nameIn(defect, finding)),
      ]),
    );
    const [unsure] = judgements
      .flatMap(([, findings]) => findings)
      .filter(({ check, verdict, voids }) => voids || (patternOf(defect).test(check) && verdict === 'INCONCLUSIVE'));
    const removals = await removeEvents({ history, facts, holds: header.proof.holds }, `${SEED} ${defect.name}`);
    const outcome = { defect, failed, seconds: scenario.seconds, removals };
    return unsure ? { ...outcome, undecided: `${unsure.check}: ${unsure.observed}` } : outcome;
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}
