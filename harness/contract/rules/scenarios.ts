import { ProofloadError } from '../../base/errors.ts';
import type { Contract } from '../contract.ts';
import { findScenarios } from '../scenario-names.ts';
import type { Problem, Rule } from './rule.ts';

/** Finds names in `requires` that match no scenario or suite. */
async function unknownScenarios({ requires, breakers }: Contract): Promise<Problem[]> {
  const problems = requires.map(async (name, index): Promise<Problem[]> => {
    try {
      await findScenarios([name], Object.keys(breakers));
      return [];
    } catch (error) {
      if (!(error instanceof ProofloadError)) throw error;
      return [{ path: ['requires', index], message: error.message }];
    }
  });
  return (await Promise.all(problems)).flat();
}

export const scenarioRules: readonly Rule[] = [unknownScenarios];
