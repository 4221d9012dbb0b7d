import { join } from 'node:path';
import type { PastRun } from '../report/run-folder.ts';
import { problemsOf } from '../verdict/causes.ts';
import type { Finding } from '../verdict/finding.ts';

/** A check that did not pass, with its evidence. */
export interface Explained extends Finding {
  scenario: string;
  /** The folder of the history and the logs that the check was judged by. */
  folder: string;
  /** The command that runs the scenario again. */
  again: string;
  /** The failure in another scenario that may have caused this one. */
  mayFollow?: string;
}

/**
 * Returns the checks of a run that did not pass, the most important cause first.
 *
 * @param only Part of the name of the checks to return, or a scenario. Defaults to all.
 */
export const explain = ({ folder, result }: PastRun, only: { scenario?: string; check?: string }): Explained[] =>
  problemsOf(result.scenarios)
    .map(({ scenario, finding, mayFollow }) => ({
      ...finding,
      scenario: scenario.scenario,
      folder: join(folder, scenario.folder),
      again: scenario.again,
      ...(mayFollow !== undefined && { mayFollow }),
    }))
    .filter(({ scenario, check }) => scenario === (only.scenario ?? scenario) && check.includes(only.check ?? ''));
