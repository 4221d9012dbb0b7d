import { messageOf, ProofloadError } from '../base/errors.ts';
import { allScenarios, findScenarios } from '../contract/scenario-names.ts';
import { suites } from '../contract/scenario-scripts.ts';
import { readRun } from '../report/run-folder.ts';

export interface Selection {
  /** Suites, names or patterns. If empty, all scenarios are selected. */
  readonly scenarios: readonly string[];
  /** The names of the contract's breakers, or an empty list without a contract. */
  readonly breakers: readonly string[];
  /**
   * Keeps only scenarios whose name or description matches. It is either a text, or a regular expression in the form
   * `/…/` with flags.
   */
  readonly grep?: string | undefined;
  /** Keeps only scenarios that did not pass in the last run in this results folder. */
  readonly lastFailedIn?: string | undefined;
}

/**
 * Returns the names of the selected scenarios.
 *
 * @throws ProofloadError SCENARIO_UNKNOWN for an unknown name, USAGE for an invalid expression or if no scenarios are
 * left, or RUN_NOT_FOUND if there is no last run
 */
export async function selectScenarios({ scenarios, breakers, grep, lastFailedIn }: Selection): Promise<string[]> {
  const names = await findScenarios(scenarios.length > 0 ? scenarios : suites(), breakers);
  const matching = grep === undefined ? names : await matchingNames(names, breakers, grep);
  return lastFailedIn === undefined ? matching : failedNames(matching, lastFailedIn);
}

async function matchingNames(names: readonly string[], breakers: readonly string[], grep: string): Promise<string[]> {
  const matches = matcherOf(grep);
  const described = await allScenarios(breakers);
  const matching = described.filter(({ name, judges }) => matches(name) || matches(judges)).map(({ name }) => name);
  const found = names.filter((name) => matching.includes(name));
  if (found.length > 0) return found;
  throw new ProofloadError(
    'USAGE',
    `--grep ${grep}: none of ${names.length} scenarios matches; "proofload list" prints all`,
  );
}

/** @throws ProofloadError USAGE if the regular expression is invalid. */
function matcherOf(grep: string): (text: string) => boolean {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/.exec(grep) ?? [];
  if (source === undefined) return (text) => text.toLowerCase().includes(grep.toLowerCase());
  try {
    const expression = new RegExp(source, flags?.replaceAll('g', '').replaceAll('y', ''));
    return (text) => expression.test(text);
  } catch (error) {
    const allowed = 'allowed: a text, or a regular expression such as /outage$/';
    throw new ProofloadError('USAGE', `--grep ${grep}: ${messageOf(error)}; ${allowed}`, { cause: error });
  }
}

async function failedNames(names: readonly string[], results: string): Promise<string[]> {
  const { folder, result } = await readRun(results);
  const failed = result.scenarios.filter(({ verdict }) => verdict !== 'PASS').map(({ scenario }) => scenario);
  const found = names.filter((name) => failed.includes(name));
  if (found.length > 0) return found;
  const why = failed.length === 0 ? 'every scenario passed' : `only ${failed.join(', ')} did not pass`;
  throw new ProofloadError('USAGE', `--last-failed: nothing to run again: ${why} in ${folder}`);
}
