import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { jsonWithoutSecrets } from '../base/without-secrets.ts';
import { machineSchema } from './machine.ts';
import { roundSchema } from './round.ts';

/** Minimum number of rounds for a baseline. With fewer rounds, the noise between them can't be estimated. */
export const ENOUGH_ROUNDS = 10;

export const baselineSchema = z.strictObject({
  version: z.literal(1),
  service: z.string(),
  profile: z.string(),
  recorded: z.iso.datetime(),
  commit: z.string().nullable(),
  machine: machineSchema,
  rounds: z.array(roundSchema).min(ENOUGH_ROUNDS),
  /** Number of rounds that were INCONCLUSIVE and therefore omitted. */
  leftOut: z.int().nonnegative(),
});

/** A service's times on one kind of machine, measured in identical rounds. */
export type Baseline = z.output<typeof baselineSchema>;

/** Returns the path to the baseline for a service and profile. */
export function baselineFile(results: string, { service, profile }: Pick<Baseline, 'service' | 'profile'>): string {
  const name = `${service}-${profile}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return join(results, 'baselines', `${name}.json`);
}

export async function writeBaseline(file: string, baseline: Baseline): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${jsonWithoutSecrets(baseline, 2)}\n`);
}

/**
 * Reads a baseline.
 *
 * @returns undefined if no baseline was recorded.
 * @throws ProofloadError BASELINE_INVALID if it can't be read
 */
export async function readBaseline(file: string): Promise<Baseline | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    return baselineSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new ProofloadError('BASELINE_INVALID', `${file} is not a baseline; record it again:\n${why}`, {
      cause: error,
    });
  }
}
