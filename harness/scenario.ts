import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { seenFromOutside } from './contract/seen-from-outside.ts';
import { type Contract, healthOf, type Numbers, numbersOf } from './contract.ts';
import { loadScript } from './engine/embedded/index.ts';
import { messageOf, ProofloadError } from './errors.ts';
import { proofSchema } from './proof.ts';

/** The folder of the scenarios, with a folder for each suite. */
export const SCENARIOS = fileURLToPath(new URL('../scenarios/', import.meta.url));
export const SUITES = ['stress', 'chaos', 'load', 'gate'] as const;

/** A scenario: its script, and what that says of itself (scenarios/lib/proof.ts). */
export interface Scenario {
  /** Suite and name, such as `chaos/llm-outage`. */
  name: string;
  path: string;
  /** The numbers that it holds the service to. */
  numbers: Numbers;
  proof: z.output<typeof proofSchema>;
}

/** Whether a scenario may have others beside it. */
export const isSociable = ({ proof }: Scenario): boolean => proof.alone !== true;

/** Names of all scenarios of a suite, in alphabetical order. */
async function scenariosOf(suite: string): Promise<string[]> {
  const files = await readdir(join(SCENARIOS, suite));
  return files.filter((file) => file.endsWith('.ts')).map((file) => `${suite}/${file.slice(0, -3)}`);
}

/**
 * Finds the scenarios that are asked for: suites (`chaos`), single ones (`chaos/llm-outage`) or their names alone.
 *
 * @throws ProofloadError SCENARIO_UNKNOWN with the names that there are.
 */
export async function findScenarios(wanted: readonly string[]): Promise<string[]> {
  const all = (await Promise.all(SUITES.map(scenariosOf))).flat().sort();
  const found = wanted.flatMap((name) => {
    const matching = all.filter((one) => one === name || one.startsWith(`${name}/`) || one.endsWith(`/${name}`));
    if (matching.length > 0) return matching;
    throw new ProofloadError('SCENARIO_UNKNOWN', `there is no scenario "${name}"; there are ${all.join(', ')}`);
  });
  return [...new Set(found)];
}

/** A scenario that a contract can't be held to. */
export interface Skipped {
  name: string;
  /** What the contract does not promise. */
  skipped: string;
}

/**
 * Reads what a scenario says of itself, and what it holds a service to. One that a contract allows for, but for a service that
 * proofload does not start, is skipped and says so.
 *
 * @param profile The profile that its numbers come from, unless it names one itself.
 * @throws ProofloadError SCENARIO_INVALID
 */
export async function loadScenario(name: string, contract: Contract, profile: string): Promise<Scenario | Skipped> {
  const loaded = await load(name, seenFromOutside(contract), profile);
  if (!contract.start.running || !('skipped' in loaded)) return loaded;
  const whole = await load(name, contract, profile);
  return 'skipped' in whole ? whole : { name, skipped: `${NOT_OURS} (${loaded.skipped})` };
}

const NOT_OURS = "the service isn't started by proofload";

/** For a script that is read and not run. */
const NOWHERE = { services: ['http://127.0.0.1'], lab: { url: 'http://127.0.0.1', token: '' } };

/** Evaluates a script without running it. */
async function load(name: string, contract: Contract, profile: string): Promise<Scenario | Skipped> {
  const path = join(SCENARIOS, `${name}.ts`);
  const read = async (numbers: Numbers) => {
    const told = scriptContext(contract, numbers, NOWHERE, {});
    const exported = (await loadScript(path, { env: { PROOFLOAD: JSON.stringify(told) } })) as { proof?: unknown };
    return { name, path, numbers, proof: proofSchema.parse(exported.proof) };
  };
  try {
    const scenario = await read(numbersOf(contract, profile));
    const own = scenario.proof.profile ?? profile;
    if (contract.start.running && own !== profile) return { name, skipped: `${NOT_OURS} (it runs with "${profile}")` };
    if (!contract.profiles[own]) return { name, skipped: `the contract has no profile "${own}"` };
    const held = own === profile ? scenario : await read(numbersOf(contract, own));
    const { conditions, beside } = held.proof;
    const missing = [...conditions, ...beside.flat()].find((condition) => !canBeMet(condition, contract, held.numbers));
    return missing === undefined ? held : { name, skipped: `the contract does not say how to get "${missing}"` };
  } catch (error) {
    const lacking = notPromised(error);
    if (lacking !== undefined) return { name, skipped: lacking };
    if (error instanceof ProofloadError) throw error;
    const why = error instanceof z.ZodError ? `its proof is not valid:\n${z.prettifyError(error)}` : messageOf(error);
    throw new ProofloadError('SCENARIO_INVALID', `${name}: ${why}`, { cause: error });
  }
}

/** A service without limits is without them under any settings. */
const canBeMet = (condition: string, contract: Contract, { limits }: Numbers): boolean =>
  condition in contract.conditions || (condition === 'no-rate-limits' && Object.keys(limits).length === 0);

/** Why a contract can't be held to a scenario: the words of the NotPromised that its script threw, if it did. */
function notPromised(error: unknown): string | undefined {
  const { cause } = error as { cause?: { name?: string; message?: string } };
  return cause?.name === 'NotPromised' ? cause.message : undefined;
}

/**
 * What a script is told (scenarios/lib/context.ts), in `__ENV.PROOFLOAD`.
 *
 * @param reached Where the service's processes and the lab's control API are, and the token that the latter asks for.
 * @param environment What the service was started with.
 */
export function scriptContext(
  contract: Contract,
  numbers: Numbers,
  reached: { services: string[]; lab: { url: string; token: string } },
  environment: Record<string, string>,
): object {
  const { authentication } = contract;
  return {
    ...reached,
    startedByLab: contract.start.running === undefined,
    endpoints: contract.endpoints,
    health: healthOf(contract),
    limits: numbers.limits,
    breakers: Object.fromEntries(
      Object.entries(numbers.breakers).map(([name, counted]) => [name, { ...contract.breakers[name], ...counted }]),
    ),
    pool: contract.pool && numbers.pool && { ...contract.pool, ...numbers.pool },
    client: contract.client,
    limiter: contract.limiter,
    tls: contract.tls,
    secret: contract.secret,
    refusedStarts: contract.refusedStarts,
    ledger: contract.ledger,
    cpu: contract.cpu,
    memory: contract.memory,
    capacity: contract.capacity && numbers.capacity && { ...contract.capacity, ...numbers.capacity },
    ...(authentication && {
      authentication: {
        key: environment[authentication.keySetting] ?? '',
        validSeconds: authentication.validSeconds,
      },
    }),
  };
}
