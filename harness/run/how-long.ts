import type { RunResult } from '../verdict/run-result.ts';
import type { Scenario } from './scenario.ts';

/** Returns how many seconds a scenario is expected to take: as long as the last time, or the estimate in its proof. */
export function secondsOf({ name, proof }: Scenario, before: RunResult | undefined): number {
  return before?.scenarios.find(({ scenario }) => scenario === name)?.seconds ?? proof.seconds;
}
