import { dirname, resolve } from 'node:path';
import type { Contract } from '../contract/contract.ts';
import { loadContract, type Use } from '../contract/load.ts';
import { loadOwn } from './load-own.ts';

/**
 * Reads a contract, and the team's own scenarios, checks and faults in the folder `proofload` beside it.
 *
 * @throws The errors of `loadContract` and `loadOwn`
 */
export async function loadProject(contract: string, use?: Use): Promise<Contract> {
  await loadOwn(dirname(resolve(contract)));
  return loadContract(contract, use);
}
