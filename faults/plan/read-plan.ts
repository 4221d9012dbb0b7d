import { readFile } from 'node:fs/promises';
import { Refusal } from '../base/refusal.ts';

/**
 * Reads a plan from a file. Its content is validated when the plan is started.
 *
 * @throws Refusal `unreadable-plan` if the file does not exist or is not JSON
 */
export async function readPlan(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Refusal('unreadable-plan', `--plan ${file}: ${problem}; allowed: a JSON file`);
  }
}
