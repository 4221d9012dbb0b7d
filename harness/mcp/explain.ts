import { join } from 'node:path';
import type { PastRun } from '../report/run-folder.ts';
import type { Finding } from '../verdict/finding.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';

/** A check that did not pass, with its evidence. */
export interface Explained extends Finding {
  scenario: string;
  /** The folder of the history and the logs that the check was judged by. */
  folder: string;
  /** The command that runs the scenario again. */
  again: string;
}

/**
 * Returns the checks of a run that did not pass, those first that no other one explains.
 *
 * @param only Part of the name of the checks to return, or a scenario. Defaults to all.
 */
export function explain({ folder, result }: PastRun, only: { scenario?: string; check?: string }): Explained[] {
  const of = (scenario: ScenarioResult) =>
    scenario.findings
      .filter(({ verdict, check }) => verdict !== 'PASS' && check.includes(only.check ?? ''))
      .map((finding) => ({
        ...finding,
        scenario: scenario.scenario,
        folder: join(folder, scenario.folder),
        again: scenario.again,
      }));
  return result.scenarios
    .filter(({ scenario }) => only.scenario === undefined || scenario === only.scenario)
    .flatMap(of)
    .toSorted((a, b) => Number(a.follows !== undefined) - Number(b.follows !== undefined));
}
