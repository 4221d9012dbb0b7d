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
 * Maximum number of runs in the same scenario for a check that can't decide or misses a mutant, or a mutant that had
 * nothing to act on. The second run has only this mutant, because a busy machine or another mutant may be the reason.
 */
export const MOST_TRIES = 2;

/** After how many scenarios an idle mutant is tried in all others at once. In most contracts, it can act in none. */
const IDLE_SCENARIOS = 2;

/** A scenario that passed without mutants. */
export interface Stage {
  readonly scenario: string;
  /** The checkers that passed. Only they can be turned red. */
  readonly passed: ReadonlySet<string>;
  readonly seconds: number;
}

/** The mutants of each scenario in a round, by the scenario's name. */
export type Round = ReadonlyMap<string, readonly WireMutant[]>;

/**
 * Returns rounds that try each open task once, in as few runs of scenarios as possible. They don't depend on each other,
 * so they can run at the same time. What remains open after them is planned again.
 */
export function roundsFor(open: readonly Task[], stages: readonly Stage[]): Round[] {
  const rounds: Round[] = [];
  for (let left = open; ; ) {
    const round = nextRound(left, stages);
    if (round.size === 0) return rounds;
    rounds.push(round);
    left = left.filter((task) => !stages.some((stage) => isIn(round, stage, task)));
  }
}

const isIn = (round: Round, stage: Stage, task: Task): boolean =>
  round.get(stage.scenario)?.includes(task.mutant) === true && canShow(stage, task);

/**
 * Returns the next round: each mutant whose task is open in the scenarios that can show most of its open tasks, or in
 * all of them if it found nothing to act on so far, and together with others only if it can't be mistaken for them. A scenario that runs anyway is preferred, then a short
 * one. Returns an empty round if nothing is left to try.
 */
export function nextRound(open: readonly Task[], stages: readonly Stage[]): Round {
  const round = new Map<string, WireMutant[]>();
  const alone = new Set<string>();
  for (const [mutant, tasks] of Map.groupBy(open, ({ mutant: of }) => of)) {
    let left: readonly Task[] = tasks;
    for (const stage of ranked(left, stages, round)) {
      const shown = left.filter((task) => canShow(stage, task));
      const group = round.get(stage.scenario) ?? [];
      const isAlone = shown.some(({ tried }) => tried.has(stage.scenario));
      if (shown.length === 0 || alone.has(stage.scenario) || (isAlone && group.length > 0)) continue;
      if (!group.every((other) => areApart(other, mutant, stage.passed))) continue;
      if (isAlone) alone.add(stage.scenario);
      round.set(stage.scenario, [...group, mutant]);
      left = left.filter((task) => isIdleForLong(task) || !shown.includes(task));
    }
  }
  return round;
}

const isIdleForLong = ({ isIdle = false, tried }: Task): boolean => isIdle && tried.size >= IDLE_SCENARIOS;

const canShow = ({ scenario, passed }: Stage, task: Task): boolean =>
  passed.has(task.checker) && triesIn(task, scenario) < MOST_TRIES && mayCount(task, scenario);

const triesIn = ({ tried }: Task, scenario: string): number => tried.get(scenario) ?? 0;

/** Whether another outcome in a scenario counts. A check that missed a mutant twice must not catch it elsewhere. */
export const mayCount = (task: Task, scenario: string): boolean =>
  task.missedIn === undefined || (task.missedIn === scenario && triesIn(task, scenario) < MOST_TRIES);

function ranked(tasks: readonly Task[], stages: readonly Stage[], round: Round): Stage[] {
  const shows = (stage: Stage) => tasks.filter((task) => canShow(stage, task)).length;
  return stages
    .filter((stage) => shows(stage) > 0)
    .toSorted(
      (a, b) =>
        shows(b) - shows(a) ||
        Number(round.has(b.scenario)) - Number(round.has(a.scenario)) ||
        a.seconds - b.seconds ||
        a.scenario.localeCompare(b.scenario),
    );
}

/** Whether it is certain which of two mutants in the same run has turned a check red. Only `judged` checkers run. */
export function areApart(mutant: WireMutant, other: WireMutant, judged: ReadonlySet<string>): boolean {
  const noticed = ({ turnsRed, disturbs = [] }: WireMutant) =>
    [...turnsRed, ...disturbs].filter((checker) => judged.has(checker));
  return (
    !noticed(mutant).some((checker) => other.turnsRed.includes(checker)) &&
    !noticed(other).some((checker) => mutant.turnsRed.includes(checker))
  );
}
