import { z } from 'zod';
import { messageOf } from '../base/errors.ts';
import type { Facts } from '../checkers/lib/checker.ts';
import { type Contract, judgedNumbers, numbersOf, promises } from '../contract/contract.ts';
import { contractDigest } from '../contract/contract-digest.ts';
import { inProfile, keyOf } from '../contract/promise-path.ts';
import { promiseAt, promisesOf } from '../contract/promises.ts';
import { registeredFaults } from '../contract/registered-faults.ts';
import { allScenarios } from '../contract/scenario-names.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { promisesJudged } from '../judge/expected-cases.ts';
import type { NoiseFloor } from '../machine/noise-floor.ts';
import { newestProof, readProofs } from '../report/proofs.ts';
import type { Promised } from '../verdict/promise-coverage.ts';
import type { RunOptions } from './run-options.ts';
import { loadScenario, type NotRun, type Scenario } from './scenario.ts';

/** No case depends on the noise. */
const QUIET: NoiseFloor = { timerLateMs: 0, loopbackMs: 0, stolenShare: 0 };

/**
 * Returns the known facts about the promises of a run before it begins: see `promisedIn`. Scenarios and proofs that
 * can't be read are named.
 *
 * @param results The folder with the proofs.
 */
export async function beforeRun(
  { profile, results, reporter }: Pick<RunOptions, 'profile' | 'results' | 'reporter'>,
  contract: Contract,
  loaded: readonly (Scenario | NotRun)[],
): Promise<Promised> {
  const { problems, ...promised } = await promisedIn(contract, profile, loaded);
  for (const problem of problems) reporter.note(problem);
  return { ...promised, proofOf: await proofsFor(results, contract, profile, reporter.note) };
}

/** Returns a function that finds the proof of a promise in the results folder. Names proofs that can't be read. */
export async function proofsFor(
  results: string,
  contract: Contract,
  profile: string,
  note: (text: string) => void,
): Promise<Promised['proofOf']> {
  const { files, problems } = await readProofs(results, contract.name);
  for (const problem of problems) note(problem);
  const digest = contractDigest(contract, numbersOf(contract, profile));
  return (_, checks) => newestProof(files, checks, digest);
}

/**
 * Returns the promises of a contract, and the scenarios that judge each of them, also those that are not part of the
 * run. Their scripts are read, but not run. Names those that can't be read.
 *
 * @param contract The whole contract, including the parts that a running service doesn't show.
 * @param loaded The scenarios of the run.
 */
export async function promisedIn(
  contract: Contract,
  profile: string,
  loaded: readonly (Scenario | NotRun)[],
): Promise<Pick<Promised, 'promises' | 'scenarios'> & { problems: string[] }> {
  const all = promisesOf(contract, numbersOf(contract, profile));
  const scenarios = new Map(all.map((path): [string, string[]] => [keyOf(path), []]));
  const whole = z.object(promises.shape).parse(contract);
  const seen = z.object(promises.shape).parse(seenFromOutside(contract));
  const faults = registeredFaults();
  const { others, problems } = await othersThan(loaded, contract, profile);
  for (const scenario of [...loaded, ...others]) {
    for (const key of promisesOfScenario(
      scenario,
      { contract: 'skipped' in scenario ? whole : seen, faults },
      profile,
    )) {
      scenarios.set(key, [...(scenarios.get(key) ?? []), scenario.name]);
    }
  }
  return { promises: all, scenarios, problems };
}

async function othersThan(
  loaded: readonly (Scenario | NotRun)[],
  contract: Contract,
  profile: string,
): Promise<{ others: (Scenario | NotRun)[]; problems: string[] }> {
  const names = (await allScenarios(Object.keys(contract.breakers))).map(({ name }) => name);
  const others: (Scenario | NotRun)[] = [];
  const problems: string[] = [];
  for (const name of names.filter((candidate) => !loaded.some((known) => known.name === candidate))) {
    try {
      others.push(await loadScenario(name, contract, profile));
    } catch (error) {
      problems.push(`${name} can't be read, so it is not known which promises it judges: ${messageOf(error)}`);
    }
  }
  return { others, problems };
}

/** Returns the keys of the promises that a scenario judges, or would judge with this contract if it were not skipped. */
function promisesOfScenario(
  candidate: Scenario | NotRun,
  known: Pick<Facts, 'contract' | 'faults'>,
  profile: string,
): Set<string> {
  const scenario = 'skipped' in candidate ? candidate.scenario : candidate;
  if (!scenario) return new Set();
  const { proof } = scenario;
  const facts = factsBefore(scenario, known);
  const own = proof.profile === profile ? undefined : proof.profile;
  const judged = promisesJudged(facts, proof.holds).map((path) => promiseAt(path) ?? path);
  return new Set(judged.map((path) => keyOf(inProfile(path, own))));
}

/** Returns the facts that the checkers of a scenario get, as far as they are known before it runs. */
export const factsBefore = (
  { numbers, breaker, proof }: Scenario,
  known: Pick<Facts, 'contract' | 'faults'>,
): Facts => ({
  ...known,
  numbers: z.object(judgedNumbers.shape).parse(numbers),
  noise: QUIET,
  proof,
  ...(breaker !== undefined && { breaker }),
});
