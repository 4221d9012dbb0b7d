import type { RunResult } from '../verdict/run-result.ts';
import { atOnce, type Scenario } from './scenario.ts';

/** Returns a scenario's expected duration in seconds: the duration of its last run, or the estimate in its proof. */
export function secondsOf({ name, proof }: Scenario, before: RunResult | undefined): number {
  return before?.scenarios.find(({ scenario }) => scenario === name)?.seconds ?? proof.seconds;
}

/**
 * Returns how many seconds the last run took if it ran the same scenarios to their end: this includes all waits for
 * processors, and scenarios that were measured again. Otherwise undefined.
 */
export function secondsLastTime(scenarios: readonly Scenario[], before: RunResult | undefined): number | undefined {
  if (before === undefined || before.stopped !== undefined) return undefined;
  const namesOf = (names: readonly string[]) => [...new Set(names)].sort().join();
  const isSame =
    namesOf(scenarios.map(({ name }) => name)) === namesOf(before.scenarios.map(({ scenario }) => scenario));
  return isSame ? before.seconds : undefined;
}

/**
 * Returns scenarios in the order in which a run starts them. If several run concurrently, the longest start first,
 * because a long scenario that starts last would run while the other labs are idle. Scenarios that limit how many
 * others may run at the same time come later. Scenarios of one script with the same duration start in a row. Those that
 * compare times then disturb each other equally in all phases.
 *
 * @param width The number of concurrent scenarios.
 */
export function inStartOrder(scenarios: readonly Scenario[], before: RunResult | undefined, width: number): Scenario[] {
  return kindsOf(scenarios).flatMap(([most, some]) => {
    if (Math.min(width, most) === 1) return some;
    const byScript = some.toSorted((a, b) => a.script.name.localeCompare(b.script.name));
    return byScript.toSorted((a, b) => secondsOf(b, before) - secondsOf(a, before));
  });
}

/** Returns scenarios by how many of them may run concurrently, the most first: see `atOnce`. */
export const kindsOf = (scenarios: readonly Scenario[]): [number, Scenario[]][] =>
  [...Map.groupBy(scenarios, (scenario) => atOnce(scenario))].sort(([a], [b]) => (a < b ? 1 : -1));

/** The seconds of scenarios for which another lab is worth the second of processor time that it needs to start. */
const LAB_SECONDS = 12;

/** Returns how many labs are worth starting for scenarios that may all run concurrently. */
export const labsWorth = (scenarios: readonly Scenario[], before: RunResult | undefined): number =>
  Math.floor(scenarios.reduce((sum, scenario) => sum + secondsOf(scenario, before), 0) / LAB_SECONDS);

/**
 * Returns how many milliseconds a script may take: a fixed time, plus ten times the longest time in the profile, plus
 * twice the estimate of the scenario, plus the patience of its callers.
 */
export function limitMs({ numbers: { limits, breakers, capacity }, proof }: Scenario): number {
  const windows = Object.values(limits).map(({ windowSeconds }) => windowSeconds);
  const timeouts = Object.values(breakers).map(({ recoverySeconds }) => recoverySeconds);
  const longest = Math.max(1, ...windows, ...timeouts, capacity?.soakSeconds ?? 0);
  return 60_000 + 10_000 * longest + 2_000 * proof.seconds + 1_000 * proof.patienceSeconds;
}
