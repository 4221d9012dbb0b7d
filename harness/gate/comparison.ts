import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../faults/base/read-text.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { jsonWithoutSecrets } from '../base/without-secrets.ts';
import { type Finding, worst } from '../verdict/finding.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import { BASELINES, type BuildRound, buildRoundSchema, namedSchema } from './build-round.ts';
import { compareBuilds, MEASURED } from './compare-builds.ts';

/** The name of a comparison in the list of a run's scenarios. */
export const COMPARISON = 'gate/comparison';
/** The subject of the comparison. */
export const SPEED = 'speed compared with another build';
/** Its folder, relative to the run's folder. */
const FOLDER = COMPARISON.replace('/', '-');

const comparisonSchema = z.strictObject({
  wanted: z.int().positive(),
  seconds: z.number().nonnegative(),
  seed: z.int().nonnegative(),
  again: z.string(),
  /** The name of the other build. */
  against: z.string(),
  /** The name of the release that was compared in the same rounds. */
  release: z.string().exactOptional(),
  /** Endpoints that only this build has. */
  onlyHere: z.array(z.string()),
  /** The measures that rounds have if everything can be measured. */
  expected: z.array(namedSchema),
  rounds: z.array(buildRoundSchema),
});

/** All data on which a comparison's verdict is based. */
export type Comparison = z.output<typeof comparisonSchema>;

export const comparisonFile = (folder: string): string => join(folder, 'comparison.json');

/** Writes a comparison into its run's folder and judges it. */
export async function writeComparison(runFolder: string, comparison: Comparison): Promise<ScenarioResult> {
  const folder = join(runFolder, FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFile(comparisonFile(folder), `${jsonWithoutSecrets(comparison, 2)}\n`);
  return judgeComparison(folder);
}

/**
 * Judges the comparison in a folder.
 *
 * @throws ProofloadError HISTORY_INVALID if it can't be read
 */
export async function judgeComparison(folder: string): Promise<ScenarioResult> {
  const { against, release, rounds, expected, onlyHere, seconds, seed, again } = await read(comparisonFile(folder));
  const apart = onlyHere.length === 0 ? '' : ` The other build does not have ${onlyHere.join(', ')}.`;
  const findings = [countServed(rounds), ...compareBuilds(rounds, expected)];
  const measured = findings.find(({ check }) => check === MEASURED);
  return {
    scenario: COMPARISON,
    judges: SPEED,
    about: `The speed and the cost of the service, compared with ${against}${release === undefined ? '' : ` and with the release ${release}`}, in ${rounds.length} rounds of the same calls.${apart}`,
    findings,
    // Otherwise, it is shown as a problem.
    ...(measured?.verdict === 'PASS' && { notes: [`${MEASURED}: ${measured.observed}`] }),
    verdict: worst(findings.map((finding) => finding.verdict)),
    seconds,
    seed,
    again,
    folder: basename(folder),
  };
}

function countServed(rounds: readonly BuildRound[]): Finding {
  const sum = (read: (round: BuildRound) => number) => rounds.reduce((total, round) => total + read(round), 0);
  const calls = sum((round) => round.calls);
  const own = sum(({ unserved }) => unserved.own ?? 0);
  const baselines = { other: 'the other build', release: 'the release' };
  const refusing = BASELINES.flatMap((side) => {
    const count = sum(({ unserved }) => unserved[side] ?? 0);
    return count > 0 ? [`; ${baselines[side]} did not serve ${count}, so these pairs are not compared`] : [];
  });
  const leftOut = new Set(rounds.flatMap(({ onlyByThis = [] }) => onlyByThis));
  return {
    check: 'calls served',
    expected: 'this build serves all calls',
    observed:
      `${own} of ${calls} not served` +
      refusing.join('') +
      (leftOut.size > 0 ? `; not compared, because the other build serves no call: ${[...leftOut].join(', ')}` : ''),
    verdict: calls === 0 ? 'INCONCLUSIVE' : own > 0 ? 'FAIL' : 'PASS',
  };
}

async function read(file: string): Promise<Comparison> {
  try {
    return comparisonSchema.parse(JSON.parse(await readText(file)));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new ProofloadError('HISTORY_INVALID', `${file} is not a complete comparison:\n${why}`, { cause: error });
  }
}
