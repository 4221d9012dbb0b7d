import { join } from 'node:path';
import { z } from 'zod';
import { loadScript } from '../../engine/index.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { unknownChecker } from '../checkers/index.ts';
import { type Contract, type Numbers, numbersOf } from '../contract/contract.ts';
import { proofSchema, type ReadProof } from '../contract/proof.ts';
import { SCENARIOS } from '../contract/scenario-names.ts';
import { scriptContext } from '../contract/script-context.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { judgesOf, type Skipped } from './skipped-scenario.ts';

/** A scenario: its script, and the proof that the script exports. */
export interface Scenario {
  /** Suite and name, such as `chaos/llm-outage`. */
  name: string;
  path: string;
  /** The numbers that the service must keep. */
  numbers: Numbers;
  proof: ReadProof;
}

/** Whether a scenario may run beside others. */
export const isSociable = ({ proof }: Scenario): boolean => proof.alone !== true;

/**
 * Reads a scenario's proof and the numbers that it judges a service by. A scenario that needs to start the service is skipped
 * if the contract names a running one.
 *
 * @param profile The profile that the numbers come from, unless the scenario names one.
 * @throws ProofloadError SCENARIO_INVALID
 */
export async function loadScenario(name: string, contract: Contract, profile: string): Promise<Scenario | Skipped> {
  const loaded = await load(name, seenFromOutside(contract), profile);
  if (!contract.start.running || !('skipped' in loaded)) return loaded;
  const whole = await load(name, contract, profile);
  return 'skipped' in whole ? whole : { ...loaded, skipped: NOT_OURS };
}

const NOT_OURS = "the service isn't started by proofload";

/** Addresses for a script that is read but not run. */
const NOWHERE = { services: ['http://127.0.0.1'], lab: { url: 'http://127.0.0.1', token: '' } };

/** Evaluates a script without running it. */
async function load(name: string, contract: Contract, profile: string): Promise<Scenario | Skipped> {
  const path = join(SCENARIOS, `${name}.ts`);
  const skip = async (skipped: string): Promise<Skipped> => ({ name, judges: await judgesOf(name, path), skipped });
  const read = async (numbers: Numbers) => {
    const told = scriptContext(contract, numbers, NOWHERE, {});
    const exported = (await loadScript(path, { env: { PROOFLOAD: JSON.stringify(told) } })) as { proof?: unknown };
    const proof = proofSchema.parse(exported.proof);
    const problem = unknownChecker(proof.holds);
    if (problem) throw new ProofloadError('SCENARIO_INVALID', `${name}: ${problem}`);
    return { name, path, numbers, proof };
  };
  try {
    const scenario = await read(numbersOf(contract, profile));
    const own = scenario.proof.profile ?? profile;
    if (contract.start.running && own !== profile) return skip(NOT_OURS);
    if (!contract.profiles[own]) return skip(`the contract has no profile "${own}"`);
    const held = own === profile ? scenario : await read(numbersOf(contract, own));
    const { conditions, beside } = held.proof;
    const missing = [...conditions, ...beside.flat()].find((condition) => !canBeMet(condition, contract, held.numbers));
    return missing === undefined ? held : skip(`the contract does not say how to get "${missing}"`);
  } catch (error) {
    const lacking = notPromised(error);
    if (lacking !== undefined) return skip(lacking);
    if (error instanceof ProofloadError) throw error;
    const why = error instanceof z.ZodError ? `its proof is not valid:\n${z.prettifyError(error)}` : messageOf(error);
    throw new ProofloadError('SCENARIO_INVALID', `${name}: ${why}`, { cause: error });
  }
}

/** A service without limits needs no setting that turns them off. */
const canBeMet = (condition: string, contract: Contract, { limits }: Numbers): boolean =>
  condition in contract.conditions || (condition === 'no-rate-limits' && Object.keys(limits).length === 0);

/** Returns what the contract lacks for a scenario: the message of the NotPromised that its script threw, if any. */
function notPromised(error: unknown): string | undefined {
  const { cause } = error as { cause?: { name?: string; message?: string } };
  return cause?.name === 'NotPromised' ? cause.message : undefined;
}
