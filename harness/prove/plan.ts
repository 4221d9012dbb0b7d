import { availableParallelism } from 'node:os';
import type { WireMutant } from '../wire/wire-mutant.ts';

/** A check and a mutant that must turn it red. */
export interface Task {
  readonly checker: string;
  readonly mutant: WireMutant;
  /** How often it was tried in each scenario, up to `MOST_TRIES`. A certain outcome counts as the maximum. */
  readonly tried: Map<string, number>;
  /** The scenario in which the check missed the mutant. It is tried again there, and nowhere else. */
  missedIn?: string;
  /** Whether the mutant had nothing to act on when it was tried last. */
  isIdle?: boolean;
}

/**
 * Maximum number of runs in the same scenario for a check that can't decide, or a mutant that had nothing to act on. From
 * the second run on, it has only this mutant, because a busy machine or another mutant may be the reason. The last one
 * has no other run beside it.
 */
export const MOST_TRIES = 3;

/** A scenario that passed without mutants. */
export interface Stage {
  readonly scenario: string;
  /** The checkers that passed. Only they can be turned red. */
  readonly passed: ReadonlySet<string>;
  readonly seconds: number;
  /** Whether only few other scenarios may run at the same time, because it compares times or measures capacity. */
  readonly isPrecise: boolean;
  /**
   * When each mutant would have acted first, in seconds since the scenario began. Those that would have had nothing to
   * act on are missing.
   */
  readonly actsAt: ReadonlyMap<WireMutant, number>;
  /** When the script reached each point at which it can end early, in seconds since the scenario began. */
  readonly ends: readonly number[];
}

/** A run of a scenario with mutants. */
export interface PlannedRun {
  readonly scenario: string;
  readonly mutants: readonly WireMutant[];
  /** The tasks for which it runs. When they are done, it can end. */
  readonly tasks: readonly Task[];
  /** How long it probably takes. */
  readonly seconds: number;
  /** How many such runs may be concurrent, if these are fewer than the scenario allows. */
  readonly atOnce?: number;
}

/** The seconds that a run takes in addition to its scenario. */
const RUN_SECONDS = 0.5;

/**
 * Returns runs that may be concurrent, as long as there are tasks that another run can settle. Those that need most of the
 * machine, and tasks that are tried again, come after all others: as few at once as scenarios that compare times.
 */
export function nextRuns(open: readonly Task[], stages: readonly Stage[]): PlannedRun[] {
  const isAgain = ({ tried, isIdle }: Task) => tried.size > 0 && isIdle !== true;
  const few = availableParallelism();
  const isLast = ({ scenario, tasks }: PlannedRun) => tasks.some((task) => triesIn(task, scenario) === MOST_TRIES - 1);
  const again = planRuns(open.filter(isAgain), stages).map((run) => ({ ...run, atOnce: isLast(run) ? 1 : few }));
  const first = planRuns(
    open.filter((task) => !isAgain(task)),
    stages,
  );
  const precise = new Set(stages.filter(({ isPrecise }) => isPrecise).map(({ scenario }) => scenario));
  const others = first.filter(({ scenario }) => !precise.has(scenario));
  // A few of them have no round for themselves.
  return others.length > few ? others : [...first, ...again].map((run) => ({ atOnce: few, ...run }));
}

interface Choice {
  readonly stage: Stage;
  readonly shown: readonly Task[];
  /** The run to join. Defaults to another run. */
  readonly run: PlannedRun | undefined;
  readonly ends: number;
  /** The additional seconds for each task. */
  readonly cost: number;
}

/**
 * Returns runs that try each open task once, in about as little time as possible. They don't depend on each other, so
 * they can run at the same time. What remains open after them is planned again.
 *
 * A mutant is tried in scenarios in which it would act, together with others if it can't be mistaken for them. One that
 * would act nowhere is tried in one scenario nevertheless.
 */
export function planRuns(open: readonly Task[], stages: readonly Stage[]): PlannedRun[] {
  const runs = new Set<PlannedRun>();
  const cheapestFor = (tasks: readonly Task[]) =>
    stages
      .flatMap((stage) => choicesFor(tasks, stage, stages, runs))
      .toSorted((a, b) => a.cost - b.cost || b.shown.length - a.shown.length || a.ends - b.ends)[0];
  const ofMutants = [...Map.groupBy(open, ({ mutant }) => mutant).values()].map((tasks) => ({
    tasks,
    cost: cheapestFor(tasks)?.cost ?? 0,
  }));
  // Others can then join those that take long anyway.
  for (const { tasks } of ofMutants.toSorted((a, b) => b.cost - a.cost)) {
    let left = tasks;
    for (let choice = cheapestFor(left); choice; choice = cheapestFor(left)) {
      const { stage, run, shown, ends } = choice;
      if (run) runs.delete(run);
      runs.add({
        scenario: stage.scenario,
        mutants: [...(run?.mutants ?? []), ...new Set(shown.map(({ mutant }) => mutant))],
        tasks: [...(run?.tasks ?? []), ...shown],
        seconds: Math.max(ends, run?.seconds ?? 0),
      });
      left = left.filter((task) => !shown.includes(task));
    }
  }
  return [...runs];
}

/** Returns how tasks of the same mutant can be tried in a scenario. */
function choicesFor(
  tasks: readonly Task[],
  stage: Stage,
  stages: readonly Stage[],
  runs: Iterable<PlannedRun>,
): Choice[] {
  const { scenario, passed } = stage;
  const shown = tasks.filter(
    (task) => canShow(stage, task) && (isActive(stage, task) || isWorthOneTry(task, scenario, stages)),
  );
  const [{ mutant } = {}] = shown;
  if (!mutant) return [];
  const ends = endOf(stage, mutant);
  const choose = (run?: PlannedRun): Choice => {
    const seconds = run ? Math.max(0, ends - run.seconds) : ends + RUN_SECONDS;
    return { stage, shown, run, ends, cost: seconds / shown.length };
  };
  const isTried = (task: Task): boolean => task.tried.has(scenario);
  if (shown.some(isTried)) return [choose()];
  const joined = [...runs].filter(
    (run) =>
      run.scenario === scenario &&
      !run.tasks.some(isTried) &&
      run.mutants.every((other) => other !== mutant && areApart(other, mutant, passed)),
  );
  return [...joined, undefined].map(choose);
}

/** Returns when a run probably shows whether its check notices a mutant. */
function endOf({ actsAt, ends, seconds }: Stage, mutant: WireMutant): number {
  const acts = actsAt.get(mutant) ?? seconds;
  return ends.find((end) => end > acts) ?? seconds;
}

const isActive = ({ actsAt }: Stage, { mutant }: Task): boolean => actsAt.has(mutant);

/** Whether a task was not tried in another scenario, or for certain, and its mutant would act in none. */
const isWorthOneTry = (task: Task, scenario: string, stages: readonly Stage[]): boolean =>
  (task.tried.size === 0 || (task.tried.has(scenario) && task.isIdle !== true)) &&
  !stages.some((stage) => canShow(stage, task) && isActive(stage, task));

const canShow = ({ scenario, passed }: Stage, task: Task): boolean =>
  passed.has(task.checker) && triesIn(task, scenario) < MOST_TRIES && mayCount(task, scenario);

const triesIn = ({ tried }: Task, scenario: string): number => tried.get(scenario) ?? 0;

/** Whether another outcome in a scenario counts. A check that missed a mutant twice must not catch it elsewhere. */
export const mayCount = (task: Task, scenario: string): boolean =>
  task.missedIn === undefined || (task.missedIn === scenario && triesIn(task, scenario) < MOST_TRIES);

/** Whether it is certain which of two mutants in the same run has turned a check red. Only `judged` checkers run. */
export function areApart(mutant: WireMutant, other: WireMutant, judged: ReadonlySet<string>): boolean {
  const noticed = ({ turnsRed, disturbs = [] }: WireMutant) =>
    [...turnsRed, ...disturbs].filter((checker) => judged.has(checker));
  return (
    !noticed(mutant).some((checker) => other.turnsRed.includes(checker)) &&
    !noticed(other).some((checker) => mutant.turnsRed.includes(checker))
  );
}
