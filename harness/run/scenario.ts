import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { type Contract, type Numbers, numbersOf } from '../contract/contract.ts';
import { settingsAhead } from '../contract/credentials.ts';
import { proofSchema, type ReadProof } from '../contract/proof.ts';
import { findScenario, type NamedScenario } from '../contract/scenario-names.ts';
import { isOwnScript } from '../contract/scenario-scripts.ts';
import { scriptContext } from '../contract/script-context.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { evaluateProof } from './evaluate-proof.ts';
import type { MutatedRun } from './mutated-run.ts';
import type { Skipped } from './skipped-scenario.ts';

/** A scenario: its script, the breaker under test, if any, and the proof that the script exports. */
export interface Scenario extends Pick<NamedScenario, 'name' | 'script' | 'breaker'> {
  /** The numbers that the service must meet. */
  numbers: Numbers;
  proof: ReadProof;
  /** Mutants that act on the wire. Defaults to none. */
  mutation?: MutatedRun;
  /** If the run contains the scenario several times: its number, from 1. */
  nth?: number;
}

/** A scenario that is skipped, with what its script says about itself if it could be read. */
export interface NotRun extends Skipped {
  readonly scenario?: Scenario;
}

/** Returns how many scenarios of the same kind may run at the same time: see `Task`. */
export function atOnce(
  { proof, mutation }: { proof: Pick<ReadProof, 'alone' | 'comparesTimes'>; mutation?: Pick<MutatedRun, 'atOnce'> },
  processors = availableParallelism(),
): number {
  const most = mutation?.atOnce ?? Number.POSITIVE_INFINITY;
  if (proof.alone) return 1;
  return proof.comparesTimes ? Math.min(processors, most) : most;
}

/**
 * Reads a scenario's proof and the numbers that it judges a service by. A scenario that needs to start the service is
 * skipped if the contract names a running one.
 *
 * @param name Its full name, such as `chaos/llm-outage`.
 * @param profile The profile that the numbers come from, unless the scenario specifies one.
 * @throws ProofloadError SCENARIO_INVALID, or SCENARIO_UNKNOWN, including if the contract has no such breaker
 */
export async function loadScenario(name: string, contract: Contract, profile: string): Promise<Scenario | NotRun> {
  const named = await findScenario(name, Object.keys(contract.breakers));
  const loaded = await load(named, seenFromOutside(contract), profile);
  if (!contract.start.running || !('skipped' in loaded)) return loaded;
  const whole = await load(named, contract, profile, 'whole');
  return 'skipped' in whole ? whole : { ...loaded, skipped: RUNS_ELSEWHERE, scenario: whole };
}

const RUNS_ELSEWHERE = "the service isn't started by proofload";

/** Addresses for a script that is read but not run. */
const NOWHERE = { services: ['http://127.0.0.1'], lab: { url: 'http://127.0.0.1', token: '' }, clientPrefix: '' };

/** What all scripts get that have the same breaker under test, by profile and breaker. */
const ahead = new WeakMap<Contract, Map<string, { readonly numbers: Numbers; readonly environment: string }>>();

/** Returns the numbers of a profile, and what scripts that are read but not run get of them, as JSON. */
function aheadOf(contract: Contract, profile: string, breaker: string | undefined) {
  const known = ahead.get(contract) ?? new Map();
  ahead.set(contract, known);
  const key = JSON.stringify([profile, breaker]);
  const found = known.get(key);
  if (found) return found;
  const numbers = numbersOf(contract, profile);
  const context = scriptContext(contract, numbers, NOWHERE, settingsAhead(contract, numbers), breaker);
  const made = { numbers, environment: JSON.stringify(context) };
  known.set(key, made);
  return made;
}

/** A script can't judge the service with this contract. */
class Unjudgeable extends Error {
  readonly unpromised: boolean;

  constructor(why: string, unpromised: boolean) {
    super(why);
    this.unpromised = unpromised;
  }
}

/** Evaluates a script without running it. */
async function load(named: NamedScenario, contract: Contract, profile: string, view = ''): Promise<Scenario | NotRun> {
  const { judges, ...own } = named;
  const { name, script, breaker } = own;
  const skip = (skipped: string, of?: Scenario): NotRun => ({ name, judges, skipped, ...(of && { scenario: of }) });
  const read = async (of: string) => {
    const { numbers, environment } = aheadOf(contract, of, breaker);
    const evaluated = await evaluateProof(script, environment, [contract.name, of, name, view].join());
    if ('lacking' in evaluated) {
      // A breaker under test is promised, even if this script can't judge it.
      throw new Unjudgeable(evaluated.lacking, !evaluated.isPromised && breaker === undefined);
    }
    const proof = { ...proofSchema.parse(evaluated.proof, { jitless: true }), judges };
    // A test checks those of this package, so that listing them need not load all checks.
    const problem = isOwnScript(script) && (await import('../checkers/index.ts')).unknownChecker(proof.holds);
    if (problem) throw new ProofloadError('SCENARIO_INVALID', `${name}: ${problem}`);
    return { ...own, numbers, proof };
  };
  try {
    const scenario = await read(profile);
    const profileUsed = scenario.proof.profile ?? profile;
    if (contract.start.running && profileUsed !== profile) return skip(RUNS_ELSEWHERE, scenario);
    if (!Object.hasOwn(contract.profiles, profileUsed))
      return { ...skip(`the contract has no profile "${profileUsed}"`), unpromised: true };
    const held = profileUsed === profile ? scenario : await read(profileUsed);
    const { conditions, beside } = held.proof;
    const missing = [...conditions, ...beside.flat()].find((condition) => !canBeMet(condition, contract, held.numbers));
    return missing === undefined
      ? held
      : skip(`the contract does not define "${missing}" (conditions.${missing})`, held);
  } catch (error) {
    if (error instanceof Unjudgeable) return { ...skip(error.message), ...(error.unpromised && { unpromised: true }) };
    if (error instanceof ProofloadError) throw error;
    const why = error instanceof z.ZodError ? `its proof is not valid:\n${z.prettifyError(error)}` : messageOf(error);
    throw new ProofloadError('SCENARIO_INVALID', `${name}: ${why}`, { cause: error });
  }
}

/** The conditions that a service meets without settings: it always does its work, and always has its quotas. */
const ALWAYS_MET: readonly string[] = ['background-work', 'small-quotas'];

/**
 * Whether a condition can be satisfied. It is also satisfied without settings if the service has no limits to disable,
 * and if it is one that services meet by default.
 */
export const canBeMet = (condition: string, contract: Contract, { limits }: Numbers): boolean =>
  Object.hasOwn(contract.conditions, condition) ||
  ALWAYS_MET.includes(condition) ||
  (condition === 'no-rate-limits' && Object.keys(limits).length === 0);
