import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, ProofloadError } from '../base/errors.ts';

/** The file that records how a test was divided. */
export const PLAN = 'plan.json';

const plan = z.strictObject({
  /** The run's id. */
  run: z.string().min(1),
  instances: z.int().min(1),
  env: z.record(z.string(), z.string()),
});

/** How a test was divided. It is read by `gather`. */
export type Plan = z.infer<typeof plan>;

/**
 * Reads the plan in a folder.
 *
 * @throws ProofloadError USAGE if the folder was not written by `proofload distribute`
 */
export async function readPlan(folder: string): Promise<Plan> {
  try {
    return plan.parse(JSON.parse(await readFile(join(folder, PLAN), 'utf8')));
  } catch (error) {
    throw new ProofloadError(
      'USAGE',
      `${folder} was not written by "proofload distribute": ${PLAN}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
