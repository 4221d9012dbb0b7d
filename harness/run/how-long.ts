import type { RunResult } from '../verdict/run-result.ts';
import type { Scenario } from './scenario.ts';

/** Returns the seconds that a scenario is expected to take: as long as the last time, else the estimate in its proof. */
export function secondsOf({ name, proof }: Scenario, before: RunResult | undefined): number {
  return before?.scenarios.find(({ scenario }) => scenario === name)?.seconds ?? proof.seconds;
}
