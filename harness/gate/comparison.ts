import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { type Finding, worst } from '../verdict/finding.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import { baselineSchema } from './baseline.ts';
import { compareWithBaseline } from './compare-with-baseline.ts';
import { roundSchema } from './round.ts';

/** The comparison's name in the list of a run's scenarios, and what it judges. */
export const [COMPARISON, SPEED] = ['gate/comparison', 'speed beside a baseline'] as const;
/** Its folder, relative to the run's folder. */
const FOLDER = COMPARISON.replace('/', '-');

const comparisonSchema = z.strictObject({
  baseline: baselineSchema,
  wanted: z.int().positive(),
  rounds: z.array(roundSchema),
  /** The folders for the rounds that failed. INCONCLUSIVE rounds are in `leftOut`. */
  failed: z.array(z.string()),
  leftOut: z.array(z.string()),
  seconds: z.number().nonnegative(),
  seed: z.int().nonnegative(),
  again: z.string(),
});

/** All data on which a comparison's verdict is based. */
export type Comparison = z.output<typeof comparisonSchema>;

export const comparisonFile = (folder: string): string => join(folder, 'comparison.json');

/** Writes a comparison into its run's folder and judges it. */
export async function writeComparison(runFolder: string, comparison: Comparison): Promise<ScenarioResult> {
  const folder = join(runFolder, FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFile(comparisonFile(folder), `${JSON.stringify(comparison, null, 2)}\n`);
  return judgeComparison(folder);
}

/**
 * Judges the comparison in a folder.
 *
 * @throws ProofloadError HISTORY_INVALID if it can't be read
 */
export async function judgeComparison(folder: string): Promise<ScenarioResult> {
  const { baseline, rounds, seconds, seed, again, ...rest } = await read(comparisonFile(folder));
  const compared = rounds.length < rest.wanted ? [] : compareWithBaseline(baseline.rounds, rounds);
  const findings = [countRounds({ rounds, ...rest }), ...compared];
  return {
    ...{
      scenario: COMPARISON,
      judges: SPEED,
      findings,
      verdict: worst(findings.map(({ verdict }) => verdict)),
      seconds,
      seed,
      again,
    },
    about: `How fast the service serves and recovers, beside ${baseline.rounds.length} rounds of ${baseline.recorded}.`,
    folder: basename(folder),
  };
}

function countRounds(taken: Pick<Comparison, 'wanted' | 'rounds' | 'failed' | 'leftOut'>): Finding {
  const { wanted, rounds, failed, leftOut } = taken;
  return {
    check: 'rounds measured',
    expected: `${wanted} in which everything was served`,
    observed: `${rounds.length}; ${failed.length} failed, ${leftOut.length} proved nothing and were left out`,
    verdict: failed.length > 0 ? 'FAIL' : rounds.length < wanted ? 'INCONCLUSIVE' : 'PASS',
    ...(failed.length + leftOut.length > 0 && { evidence: [...failed, ...leftOut] }),
  };
}

async function read(file: string): Promise<Comparison> {
  try {
    return comparisonSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new ProofloadError('HISTORY_INVALID', `${file} is no whole comparison:\n${why}`, { cause: error });
  }
}
