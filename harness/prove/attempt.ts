import { BUILT_IN } from '../checkers/index.ts';
import type { Point } from '../history/before-phase.ts';
import type { MutatedRun, Recorded } from '../run/mutated-run.ts';
import type { Finding } from '../verdict/finding.ts';
import type { WireMutant } from '../wire/wire-mutant.ts';
import { Broken } from './broken.ts';
import { foundBefore } from './found-before.ts';
import { MOST_TRIES, type PlannedRun, type Task } from './plan.ts';

/** Whether each mutant acted, or why it could not. Absent if it found nothing to act on. */
export type Deeds = ReadonlyMap<WireMutant, true | string | Broken>;

interface Attempt {
  /** The record of the scenario without mutants. */
  readonly unmutated: Recorded;
  /** Returns the tasks for which the scenario runs, except those that are done. */
  needed(): readonly Task[];
  /** Returns all tasks that the run can settle. */
  open(): readonly Task[];
  /** Called at the end, with the findings of the run. `isWhole` is false if it ended early. */
  settle(findings: readonly Finding[], deeds: Deeds, isWhole: boolean): void;
}

const TIMED = new Set(BUILT_IN.flatMap(({ name, timed }) => (timed ? name : [])));

/**
 * Returns the mutants for a run of a scenario that settles tasks. The run ends early if all tasks for which it runs are
 * caught. If a task turns out to be open then, its last try runs to the end.
 */
export function attempt(
  { scenario, mutants, seconds, atOnce, tasks: planned }: PlannedRun,
  { unmutated, needed, open, settle }: Attempt,
): MutatedRun {
  const deeds = new Map<WireMutant, true | string | Broken>();
  const checkersOf = (tasks: readonly Task[]): string[] => [...new Set(tasks.map(({ checker }) => checker))];
  const isLastTry = (tried: Task['tried']) => (tried.get(scenario) ?? 0) === MOST_TRIES - 1;
  let end: Point | undefined;
  return {
    mutants,
    seconds,
    atOnce,
    isTimed: planned.some(({ checker }) => TIMED.has(checker)),
    acted: (mutant) => deeds.get(mutant) instanceof Broken || deeds.set(mutant, true),
    impossible: (mutant, why) => deeds.has(mutant) || deeds.set(mutant, why),
    broke: (mutant, error) => deeds.get(mutant) instanceof Broken || deeds.set(mutant, new Broken(error)),
    async isEnough(point, read) {
      const tasks = needed();
      if (tasks.some(({ mutant, tried }) => deeds.get(mutant) !== true || isLastTry(tried))) return false;
      const checkers = checkersOf(tasks);
      const areFailed = (findings: readonly Finding[]) =>
        checkers.every((checker) => findings.some((finding) => finding.checker === checker));
      const isEnough =
        checkers.length === 0 || areFailed(await foundBefore(point, checkers, await read(), unmutated, areFailed));
      if (isEnough) end = point;
      return isEnough;
    },
    async judged({ findings }, recorded) {
      if (end === undefined) settle(findings, deeds, true);
      else settle(await foundBefore(end, checkersOf(open()), recorded, unmutated), deeds, false);
    },
  };
}
