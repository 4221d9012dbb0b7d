import type { RunResult } from '../verdict/run-result.ts';
import { isSociable, type Scenario } from './scenario.ts';

/** Seconds that a scenario is expected to take: as many as the last time, else what it says of itself. */
export function secondsOf({ name, proof }: Scenario, before: RunResult | undefined): number {
  return before?.scenarios.find(({ scenario }) => scenario === name)?.seconds ?? proof.seconds;
}

/** Seconds that scenarios are expected to take, `width` of them at once, and those that have to be alone after them. */
export function secondsOfAll(scenarios: readonly Scenario[], width: number, before: RunResult | undefined): number {
  const lanes = Array.from({ length: width }, () => 0);
  let alone = 0;
  for (const scenario of scenarios) {
    const seconds = secondsOf(scenario, before);
    if (!isSociable(scenario)) alone += seconds;
    else lanes[lanes.indexOf(Math.min(...lanes))] = Math.min(...lanes) + seconds;
  }
  return Math.max(0, ...lanes) + alone;
}
