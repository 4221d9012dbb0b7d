import type { RunResult } from '../verdict/run-result.ts';
import type { Scenario } from './scenario.ts';

/** Returns a scenario's expected duration in seconds: the duration of its last run, or the estimate in its proof. */
export function secondsOf({ name, proof }: Scenario, before: RunResult | undefined): number {
  return before?.scenarios.find(({ scenario }) => scenario === name)?.seconds ?? proof.seconds;
}
