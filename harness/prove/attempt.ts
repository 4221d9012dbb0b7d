import type { NthPhase } from '../history/before-phase.ts';
import type { MutatedRun, Recorded } from '../run/mutated-run.ts';
import type { Finding } from '../verdict/finding.ts';
import type { WireMutant } from '../wire/wire-mutant.ts';
import { Broken } from './broken.ts';
import { foundBefore } from './found-before.ts';
import type { Task } from './plan.ts';

/** Whether each mutant acted, or why it could not. Absent if it found nothing to act on. */
export type Deeds = ReadonlyMap<WireMutant, true | string | Broken>;

interface Attempt {
  readonly scenario: string;
  readonly mutants: readonly WireMutant[];
  /** The record of the scenario without mutants. */
  readonly unmutated: Recorded;
  /** Returns the tasks that the run can settle. */
  open(): readonly Task[];
  /** Called at the end, with the findings of the run. */
  settle(findings: readonly Finding[], deeds: Deeds): void;
}

/**
 * Returns the mutants for a run of a scenario that settles tasks. The run ends early if all of them are caught. If a
 * task turns out to be open then, its other try runs to the end.
 */
export function attempt({ scenario, mutants, unmutated, open, settle }: Attempt): MutatedRun {
  const deeds = new Map<WireMutant, true | string | Broken>();
  const found = (phase: NthPhase, recorded: Recorded): Finding[] => {
    const checkers = open().map(({ checker }) => checker);
    return foundBefore(phase, checkers, recorded, unmutated);
  };
  let end: NthPhase | undefined;
  return {
    mutants,
    acted: (mutant) => deeds.get(mutant) instanceof Broken || deeds.set(mutant, true),
    impossible: (mutant, why) => deeds.has(mutant) || deeds.set(mutant, why),
    broke: (mutant, error) => deeds.get(mutant) instanceof Broken || deeds.set(mutant, new Broken(error)),
    async isEnough(phase, read) {
      if (mutants.some((mutant) => deeds.get(mutant) !== true)) return false;
      const findings = found(phase, await read());
      const isCaught = ({ checker, tried }: Task) =>
        !tried.has(scenario) && findings.some((finding) => finding.checker === checker);
      if (!open().every(isCaught)) return false;
      end = phase;
      return true;
    },
    judged: ({ findings }, recorded) => settle(end === undefined ? findings : found(end, recorded), deeds),
  };
}
