import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contract } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { findScenarios } from '../../../harness/contract/scenario-names.ts';
import { SUITES } from '../../../harness/contract/scenario-scripts.ts';
import { loadScenario, type Scenario } from '../../../harness/run/scenario.ts';
import { contractFile } from '../../support/command-line.ts';

/** What a small contract promises. */
export interface Part {
  endpoints?: object;
  upstreams?: object;
  fast?: object;
  /** The profiles beside `fast`. */
  others?: object;
  [promise: string]: unknown;
}

/** Small contracts by what they have, which completes "a contract with …". */
export type Parts = Readonly<Record<string, Part>>;

/**
 * The contracts of all files in contracts/, each with a part of what a contract can promise. A scenario that none of
 * them is enough for brings a file with another one.
 */
export const PARTS: readonly [name: string, part: Part][] = (
  await Array.fromAsync(glob('contracts/*.ts', { cwd: import.meta.dirname }), partsIn)
).flatMap(Object.entries);

async function partsIn(file: string): Promise<Parts> {
  const path = pathToFileURL(join(import.meta.dirname, file)).href;
  return ((await import(path)) as { default: Parts }).default;
}

const START = { command: ['node', 'service.js'], readyPath: '/health', readySeconds: 1 };

/**
 * Reads a contract as users do, so that each of these is valid.
 *
 * @param name Should be different for each contract, because the proofs of scenarios are kept for each name.
 */
export const contractOf = async ({ fast = {}, others = {}, ...promises }: Part, name: string): Promise<Contract> => {
  const conditions = { 'no-rate-limits': {}, ...(promises.conditions as object | undefined) };
  const small = {
    name,
    start: START,
    ...promises,
    conditions,
    profiles: { fast, ...others },
  };
  return loadContract(await contractFile(small));
};

/** Returns the scenarios for a contract that are not skipped: all, or those with these names or of these scripts. */
export async function scenariosFor(contract: Contract, wanted: readonly string[] = SUITES): Promise<Scenario[]> {
  const names = await findScenarios(wanted, Object.keys(contract.breakers));
  const loaded = await Promise.all(names.map((name) => loadScenario(name, contract, 'fast')));
  return loaded.flatMap((scenario) => ('skipped' in scenario ? [] : [scenario]));
}
