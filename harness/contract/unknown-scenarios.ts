import { ProofloadError } from '../base/errors.ts';
import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { findScenarios } from './scenario-names.ts';

/** Finds names in `requires` that match no scenario or suite. */
export async function unknownScenarios({
  requires,
  breakers,
}: Pick<Contract, 'requires' | 'breakers'>): Promise<Problem[]> {
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
