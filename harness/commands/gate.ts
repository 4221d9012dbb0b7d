import { dirname } from 'node:path';
import { ProofloadError } from '../base/errors.ts';
import { redactSetting } from '../base/secrets.ts';
import { SETTINGS } from '../base/settings.ts';
import { USUAL_SUITES } from '../contract/scenario-scripts.ts';
import { changeBegan } from '../gate/builds/change-began.ts';
import { compareWithBuild } from '../gate/builds/compare-with-build.ts';
import { COMPARISON, SPEED, writeComparison } from '../gate/comparison.ts';
import { appendToJobSummary } from '../report/job-summary.ts';
import { markdown } from '../report/machine/markdown.ts';
import { createReporter, type ReporterFlags } from '../report/reporters/index.ts';
import type { Reporter } from '../report/reporters/reporter.ts';
import { commandLine } from '../run/again.ts';
import { loadRequested } from '../run/required.ts';
import { run } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { type LabFlags, runOptions } from './lab-options.ts';

interface Watched extends Pick<RunOptions, 'signal'> {
  reporter: Reporter;
}

/** Judges a comparison, or returns the reason if there is none. */
type Judge = NonNullable<RunOptions['compared']>['judge'];

interface GateFlags extends LabFlags, ReporterFlags {
  rounds: number;
  against?: string;
  againstRelease?: string;
  prepare?: string;
}

/** Implements `proofload gate`, which runs the suites and compares the service's speed with another build. */
export async function runGate(flags: GateFlags): Promise<void> {
  const began = new Date();
  using reporter = createReporter(flags);
  const watched = { reporter, signal: interruption(reporter.note) };
  const given = runOptions(flags, USUAL_SUITES);
  // A wrong `--require` must not be found only after minutes of comparing.
  await loadRequested({ ...given, compared: { name: COMPARISON } });
  const compared = await (flags.against ? compareBuilds(flags, watched) : compareByDefault(flags, watched));
  const result = await run({
    ...given,
    name: 'gate',
    began,
    measuresAgain: true,
    ...watched,
    compared: { name: COMPARISON, judge: compared },
  });
  sayWhyNothingRan([result]);
  appendToJobSummary(markdown(result));
  process.exitCode = exitCodeOf(result.verdict, [result]);
}

/**
 * Compares with the commit at which a pull request began, if there is one. The user did not name that commit.
 * Therefore, an impossible comparison is no error, for example if the commit has no contract yet. It is an error if
 * this build does not start.
 */
async function compareByDefault(flags: GateFlags, watched: Watched): Promise<Judge> {
  const began = await changeBegan(dirname(runOptions(flags, []).contract));
  if (!began) return skip('no build to compare with was named (--against, AGAINST)');
  if ('missing' in began) {
    watched.reporter.note(`no comparison with the other build: ${began.missing}`);
    return skip(began.missing);
  }
  try {
    return await compareBuilds({ ...flags, against: began.commit }, watched);
  } catch (error) {
    if (!(error instanceof ProofloadError) || error.code === 'SERVICE_NOT_READY') throw error;
    return skip(error.message);
  }
}

const skip = (skipped: string) => async () => ({ name: COMPARISON, judges: SPEED, skipped });

/** Returns the comparison with another build. */
async function compareBuilds(
  { against = '', againstRelease: release = '', prepare = '', rounds, ...flags }: GateFlags,
  { reporter, signal }: Watched,
): Promise<Judge> {
  const given = runOptions(flags, []);
  const { step } = reporter;
  const compared = await compareWithBuild({ ...given, against, release, prepare, rounds, step, signal });
  if ('skipped' in compared) return skip(compared.skipped);
  const settings = Object.entries({
    AGAINST: against,
    AGAINST_RELEASE: release,
    PREPARE: prepare,
    ROUNDS: rounds === SETTINGS.ROUNDS.usual ? '' : String(rounds),
    PROFILE: given.profile === SETTINGS.PROFILE.usual ? '' : given.profile,
  }).filter(([, value]) => value !== '');
  const quoted = settings.map(([name, value]) => `${name}='${redactSetting(value).replaceAll("'", "'\\''")}'`);
  const again = [...quoted, commandLine('gate')].join(' ');
  return (folder) => writeComparison(folder, { ...compared, wanted: rounds, seed: given.seed, again });
}
