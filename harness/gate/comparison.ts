import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { jsonWithoutSecrets } from '../base/without-secrets.ts';
import { type Finding, worst } from '../verdict/finding.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import { baselineSchema } from './baseline.ts';
import { type BuildRound, buildRoundSchema } from './build-round.ts';
import { compareBuilds } from './compare-builds.ts';
import { compareWithBaseline } from './compare-with-baseline.ts';
import { roundSchema } from './round.ts';

/** The name of a comparison in the list of a run's scenarios. */
export const COMPARISON = 'gate/comparison';
/** What it judges. */
export const SPEED = {
  baseline: 'speed compared with a baseline',
  build: 'speed compared with another build',
} as const;
/** Its folder, relative to the run's folder. */
const FOLDER = COMPARISON.replace('/', '-');

const common = {
  wanted: z.int().positive(),
  seconds: z.number().nonnegative(),
  seed: z.int().nonnegative(),
  again: z.string(),
};

const withBaseline = z.strictObject({
  ...common,
  baseline: baselineSchema,
  rounds: z.array(roundSchema),
  /** The folders for the rounds that failed. INCONCLUSIVE rounds are in `leftOut`. */
  failed: z.array(z.string()),
  leftOut: z.array(z.string()),
});

const withBuild = z.strictObject({
  ...common,
  /** The name of the other build. */
  against: z.string(),
  /** Endpoints that only this build has. */
  onlyHere: z.array(z.string()),
  /** After how many rounds measuring could have ended. */
  looks: z.array(z.int().positive()),
  rounds: z.array(buildRoundSchema),
});

const comparisonSchema = z.union([withBaseline, withBuild]);

/** All data on which a comparison's verdict is based. */
export type Comparison = z.output<typeof comparisonSchema>;
export type BaselineComparison = z.output<typeof withBaseline>;

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
  const comparison = await read(comparisonFile(folder));
  const { seconds, seed, again } = comparison;
  const { judges, about, findings } = 'baseline' in comparison ? besideBaseline(comparison) : besideBuild(comparison);
  const verdict = worst(findings.map((one) => one.verdict));
  return { scenario: COMPARISON, judges, about, findings, verdict, seconds, seed, again, folder: basename(folder) };
}

type Judgement = Pick<ScenarioResult, 'judges' | 'about' | 'findings'>;

function besideBaseline({ baseline, rounds, ...taken }: BaselineComparison): Judgement {
  const compared = rounds.length < taken.wanted ? [] : compareWithBaseline(baseline.rounds, rounds);
  return {
    judges: SPEED.baseline,
    about: `How fast the service responds and recovers, compared with ${baseline.rounds.length} rounds of ${baseline.recorded}.`,
    findings: [countRounds({ rounds, ...taken }), ...compared],
  };
}

function besideBuild({ against, rounds, looks, onlyHere }: z.output<typeof withBuild>): Judgement {
  const apart = onlyHere.length === 0 ? '' : ` The other build does not have ${onlyHere.join(', ')}.`;
  return {
    judges: SPEED.build,
    about: `The speed and the cost of the service, compared with ${against}, in ${rounds.length} rounds of the same calls.${apart}`,
    findings: [countServed(rounds), ...compareBuilds(rounds, looks.length)],
  };
}

function countServed(rounds: readonly BuildRound[]): Finding {
  const sum = (read: (round: BuildRound) => number) => rounds.reduce((total, round) => total + read(round), 0);
  const [calls, own, other] = [
    sum((one) => one.calls),
    sum((one) => one.unserved.own),
    sum((one) => one.unserved.other),
  ];
  const leftOut = new Set(rounds.flatMap(({ onlyByThis = [] }) => onlyByThis));
  return {
    check: 'calls served',
    expected: 'this build serves all calls',
    observed:
      `${own} of ${calls} not served` +
      (other > 0 ? `; the other build did not serve ${other}, whose pairs are left out` : '') +
      (leftOut.size > 0 ? `; left out, because the other build serves no call: ${[...leftOut].join(', ')}` : ''),
    verdict: calls === 0 ? 'INCONCLUSIVE' : own > 0 ? 'FAIL' : 'PASS',
  };
}

function countRounds(taken: Pick<BaselineComparison, 'wanted' | 'rounds' | 'failed' | 'leftOut'>): Finding {
  const { wanted, rounds, failed, leftOut } = taken;
  return {
    check: 'rounds measured',
    expected: `${wanted} rounds in which every call was served`,
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
    throw new ProofloadError('HISTORY_INVALID', `${file} is not a complete comparison:\n${why}`, { cause: error });
  }
}
