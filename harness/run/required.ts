import { ProofloadError } from '../base/errors.ts';
import type { Contract } from '../contract/contract.ts';
import type { Use } from '../contract/load.ts';
import { findScenarios } from '../contract/scenario-names.ts';
import { loadProject } from '../project/load-project.ts';
import type { RunOptions } from './run-options.ts';

type Requested = Pick<RunOptions, 'require' | 'scenarios'> & { readonly compared?: { readonly name: string } };

/**
 * Loads the contract of a run, and finds its scenarios and those of them that must be judged.
 *
 * @throws ProofloadError as `loadProject`, `findScenarios` and `requiredOf` do
 */
export async function loadRequested(options: Requested & Use & Pick<RunOptions, 'contract'>) {
  const contract = await loadProject(options.contract, options);
  const names = await findScenarios(options.scenarios, Object.keys(contract.breakers));
  return { contract, names, requires: await requiredOf(options, contract, names) };
}

/**
 * Returns the scenarios in a run that must be judged: those that were explicitly required, and those that the contract
 * requires and that are part of the run. A comparison that is part of the run can be required, too.
 *
 * @param names The scenarios in the run.
 * @throws ProofloadError SCENARIO_UNKNOWN, or USAGE if a scenario that was explicitly required is not part of the run
 */
export async function requiredOf(
  { require, scenarios, compared }: Requested,
  contract: Pick<Contract, 'breakers' | 'requires'>,
  names: readonly string[],
): Promise<string[]> {
  const breakers = Object.keys(contract.breakers);
  const others = require.filter((name) => name !== compared?.name);
  const explicit = await findScenarios(others, breakers);
  const foreign = explicit.find((name) => !names.includes(name));
  if (foreign !== undefined) {
    throw new ProofloadError(
      'USAGE',
      `${foreign} is required, but is not part of this run (${scenarios.join(', ')}); run its suite too, or require one of: ${names.join(', ')}`,
    );
  }
  const ofContract = await findScenarios(contract.requires, breakers);
  const required = names.filter((name) => explicit.includes(name) || ofContract.includes(name));
  return compared && others.length < require.length ? [...required, compared.name] : required;
}
