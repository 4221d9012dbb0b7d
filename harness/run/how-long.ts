import { atOnce, type Scenario } from './scenario.ts';
import type { Timings } from './timings.ts';

/**
 * Returns a scenario's expected duration in seconds: that of a run with mutants if it is known, the duration of its last
 * run, or the estimate in its proof, and how much longer than that others took.
 */
export const secondsOf = ({ name, proof, mutation }: Scenario, { seconds, overhead }: Timings): number =>
  mutation?.seconds ?? seconds[name] ?? proof.seconds + overhead;

/**
 * Returns scenarios in the order in which a run starts them. If several run concurrently, the longest start first,
 * because a long scenario that starts last would run while the other labs are idle. Scenarios that limit how many
 * others may run at the same time come later. Scenarios of one script with the same duration start in a row. Those that
 * compare times then disturb each other equally in all phases.
 *
 * @param width The number of concurrent scenarios.
 * @param processors Defaults to those of this machine.
 */
export function inStartOrder(
  scenarios: readonly Scenario[],
  timings: Timings,
  width: number,
  processors?: number,
): Scenario[] {
  return kindsOf(scenarios, processors).flatMap(([most, some]) => {
    if (Math.min(width, most) === 1) return some;
    const byScript = some.toSorted((a, b) => a.script.name.localeCompare(b.script.name));
    const isTimed = ({ mutation }: Scenario) => Number(mutation?.isTimed ?? false);
    return byScript.toSorted((a, b) => isTimed(b) - isTimed(a) || secondsOf(b, timings) - secondsOf(a, timings));
  });
}

/** Returns scenarios by how many of them may run concurrently, the most first: see `atOnce`. */
export const kindsOf = (scenarios: readonly Scenario[], processors?: number): [number, Scenario[]][] =>
  [...Map.groupBy(scenarios, (scenario) => atOnce(scenario, processors))].sort(([a], [b]) => (a < b ? 1 : -1));

/** The seconds of scenarios for which another lab is worth the second of processor time that it needs to start. */
const LAB_SECONDS = 12;

/** Returns how many labs are worth starting for scenarios that may all run concurrently. */
export const labsWorth = (scenarios: readonly Scenario[], timings: Timings): number =>
  Math.floor(scenarios.reduce((sum, scenario) => sum + secondsOf(scenario, timings), 0) / LAB_SECONDS);

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
