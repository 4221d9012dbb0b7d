import { z } from 'zod';
import { COMMON } from '../../harness/checkers/index.ts';
import { numbersOf, promises } from '../../harness/contract/contract.ts';
import { loadContract } from '../../harness/contract/load.ts';
import { patternOf, promisesOf } from '../../harness/contract/promises.ts';
import { registeredFaults } from '../../harness/contract/registered-faults.ts';
import { allScenarios } from '../../harness/contract/scenario-names.ts';
import { casesOf } from '../../harness/judge/expected-cases.ts';
import { factsBefore } from '../../harness/run/promised.ts';
import { loadScenario } from '../../harness/run/scenario.ts';
import { CONTRACTS } from './contracts.ts';

/** What judges a kind of promise. */
export interface Judges {
  readonly checkers: Set<string>;
  /** The names of the scripts. */
  readonly scenarios: Set<string>;
}

/**
 * Returns what judges each kind of promise, by its pattern such as `breakers.*.refusal`: the reference contract shows it,
 * and each further one that makes a kind of promise which nothing judged before.
 */
export async function judgedBy(): Promise<ReadonlyMap<string, Judges>> {
  const found = new Map<string, Judges>();
  const isJudged = (path: readonly string[]): boolean => found.has(patternOf(path)?.join('.') ?? '');
  for (const path of CONTRACTS) {
    const contract = await loadContract(path);
    if (promisesOf(contract, numbersOf(contract, 'fast')).every(isJudged)) continue;
    const known = { contract: z.object(promises.shape).parse(contract), faults: registeredFaults() };
    for (const { name, script } of await allScenarios(Object.keys(contract.breakers))) {
      const scenario = await loadScenario(name, contract, 'fast');
      if ('skipped' in scenario) continue;
      for (const { checker, cases = [] } of casesOf(factsBefore(scenario, known), scenario.proof.holds)) {
        for (const pattern of cases.flatMap((of) => of.promises.map((place) => patternOf(place)?.join('.') ?? ''))) {
          const judges = found.get(pattern) ?? { checkers: new Set(), scenarios: new Set() };
          found.set(pattern, judges);
          judges.checkers.add(checker.name);
          judges.scenarios.add(Object.hasOwn(COMMON, checker.name) ? 'every scenario' : script.name);
        }
      }
    }
  }
  return found;
}
