import { readFile } from 'node:fs/promises';
import { Refusal } from '../base/refusal.ts';

/**
 * Reads the file of a plan; what is in it is validated by whoever carries it out.
 *
 * @throws Refusal `unreadable-plan` for a file that is not there or is not JSON
 */
export async function readPlan(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Refusal('unreadable-plan', `--plan ${file}: ${problem}; allowed: a file of JSON`);
  }
}
