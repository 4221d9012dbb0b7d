import { loadProject } from '../project/load-project.ts';
import { loadScenario } from '../run/scenario.ts';
import type { Diagnosis } from '../verdict/diagnosis.ts';
import type { Change } from '../verdict/finding.ts';
import { contractFile, type LabFlags, runOptions } from './lab-options.ts';

/** Scenarios that changes of the contract would switch off, each with the reason. */
export type SwitchedOff = Diagnosis['switchedOff'];

/**
 * Returns the scenarios that can judge a service with its contract as it was, but no longer with these changes.
 *
 * @param scenarios All scenarios, with the reason for those that couldn't judge it before the changes.
 */
export async function switchedOff(
  flags: LabFlags,
  scenarios: Diagnosis['scenarios'],
  changes: readonly Change[],
): Promise<SwitchedOff> {
  const valid: Change[] = [];
  const load = (some: readonly Change[]) =>
    loadProject(contractFile(flags), { ...runOptions(flags, []), changes: some }).catch(() => undefined);
  for (const change of changes) if (await load([...valid, change])) valid.push(change);
  const contract = await load(valid);
  if (contract === undefined || valid.length === 0) return [];
  const off: { scenario: string; skipped: string }[] = [];
  for (const { scenario, skipped } of scenarios) {
    if (skipped !== undefined) continue;
    const loaded = await loadScenario(scenario, contract, flags.profile);
    if ('skipped' in loaded) off.push({ scenario, skipped: loaded.skipped });
  }
  return off;
}
