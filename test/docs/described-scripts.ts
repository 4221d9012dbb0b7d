import type { Contract } from '../../harness/contract/contract.ts';
import { loadContract } from '../../harness/contract/load.ts';
import type { ReadProof } from '../../harness/contract/proof.ts';
import { allScenarios } from '../../harness/contract/scenario-names.ts';
import { allScripts, type Script } from '../../harness/contract/scenario-scripts.ts';
import { loadScenario } from '../../harness/run/scenario.ts';
import { Undocumented } from './checker-sources.ts';
import { CONTRACTS } from './contracts.ts';

/** A script, as the first of the contracts that does not skip it describes it. */
export interface DescribedScript {
  readonly script: Script;
  /** The names of its scenarios: one, or one for each breaker. */
  readonly names: readonly string[];
  readonly proof: ReadProof;
}

let known: Promise<readonly DescribedScript[]> | undefined;

/**
 * Returns all scripts of scenarios, sorted by name. They are read once.
 *
 * @throws Undocumented if all contracts skip one
 */
export function describedScripts(): Promise<readonly DescribedScript[]> {
  known ??= allScripts().then((scripts) => Promise.all(scripts.map(described)));
  return known;
}

const contracts = new Map<string, Promise<Contract>>();

async function described(script: Script): Promise<DescribedScript> {
  let why = '';
  for (const path of CONTRACTS) {
    const loading = contracts.get(path) ?? loadContract(path);
    contracts.set(path, loading);
    const contract = await loading;
    const all = await allScenarios(Object.keys(contract.breakers));
    const names = all.filter((scenario) => scenario.script.name === script.name).map(({ name }) => name);
    const scenario = await loadScenario(names[0] as string, contract, 'fast');
    if (!('skipped' in scenario)) return { script, names, proof: scenario.proof };
    why ||= scenario.skipped;
  }
  throw new Undocumented(
    `scenarios/${script.name}.ts: ${why}. Let the reference service or a contract in test/defects/ promise that`,
  );
}
