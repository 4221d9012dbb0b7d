import { dirname, relative } from 'node:path';
import { Command, type Option } from 'commander';
import { ProofloadError } from '../base/errors.ts';
import { print } from '../base/print.ts';
import { SETTINGS } from '../base/settings.ts';
import { loadContract } from '../contract/load.ts';
import { USUAL_SUITES } from '../contract/scenario-scripts.ts';
import { type Baseline, baselineFile, ENOUGH_ROUNDS, readBaseline, writeBaseline } from '../gate/baseline.ts';
import { changeBegan } from '../gate/builds/change-began.ts';
import { compareWithBuild } from '../gate/builds/compare-with-build.ts';
import { noiseHides, speedDiffers } from '../gate/compare-with-baseline.ts';
import { COMPARISON, SPEED, writeComparison } from '../gate/comparison.ts';
import { describeMachine, differences } from '../gate/machine.ts';
import { type Rounds, takeRounds } from '../gate/take-rounds.ts';
import { appendToJobSummary } from '../report/job-summary.ts';
import { markdown } from '../report/machine/markdown.ts';
import { createReporter } from '../report/reporters/index.ts';
import { type Reporter, SILENT } from '../report/reporters/reporter.ts';
import { type PastRun, readRun } from '../report/run-folder.ts';
import { paint } from '../report/text/terminal.ts';
import { commandLine } from '../run/again.ts';
import { askedFor } from '../run/required.ts';
import { run } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { notJudgedIn } from '../verdict/coverage.ts';
import { EXIT_OF, exitCodeOf, sayWhyNothingRan, whyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { type LabFlags, labOptions, requireOption, runOptions } from './lab-options.ts';
import { optionFor, wholeNumber } from './options.ts';
import { type ReporterFlags, reporterOptions } from './reporter-options.ts';

const ROUND = 'gate-round';
const EXIT_CODES =
  '\nExit codes: 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 2 wrong usage or configuration, 1 the lab could not be set up.';

interface Watched extends Pick<RunOptions, 'signal'> {
  reporter: Reporter;
}

/** Judges a comparison, or returns the reason if there is none. */
type Judge = NonNullable<RunOptions['compared']>['judge'];

interface GateFlags extends LabFlags, ReporterFlags {
  rounds: number;
  against?: string;
  prepare?: string;
}

const roundsOption = (least: number): Option => optionFor('ROUNDS').argParser(wholeNumber(least, 100));

/** Implements `proofload gate`, which runs the suites and compares the service's speed with its baseline. */
export const gate = (): Command =>
  reporterOptions(labOptions(new Command('gate')))
    .addOption(optionFor('AGAINST'))
    .addOption(optionFor('PREPARE'))
    .addOption(roundsOption(1))
    .addOption(requireOption())
    .addHelpText('after', EXIT_CODES)
    .action(async (flags: GateFlags) => {
      using reporter = createReporter(flags.reporter, flags.verbose ?? false);
      const watched = { reporter, signal: interruption(reporter.note) };
      const given = runOptions(flags, USUAL_SUITES);
      // A wrong `--require` must not be found only after minutes of comparing.
      await askedFor({ ...given, compared: { name: COMPARISON } });
      const compared = await (flags.against ? compareBuilds(flags, watched) : compareByDefault(flags, watched));
      const result = await run({
        ...given,
        name: 'gate',
        measuresAgain: true,
        ...watched,
        compared: { name: COMPARISON, judge: compared },
      });
      sayWhyNothingRan([result]);
      appendToJobSummary(markdown(result));
      process.exitCode = exitCodeOf(result.verdict, [result]);
    });

/** Implements `proofload baseline`, which measures the baseline for the gate. */
export const baseline = (): Command =>
  labOptions(new Command('baseline'))
    .addOption(roundsOption(ENOUGH_ROUNDS))
    .addHelpText('after', EXIT_CODES)
    .action(async (flags: LabFlags & { rounds: number }) => {
      using reporter = createReporter('list', false);
      const watched = { reporter, signal: interruption(reporter.note) };
      const file = await fileOf(flags);
      const { rounds, failed, leftOut, first } = await measure(flags, flags.rounds, watched);
      if (!first || rounds.length < flags.rounds) {
        const { aborted, reason } = watched.signal;
        for (const one of [...failed, ...(aborted ? [] : leftOut)]) print(one);
        const verdict = failed.length > 0 ? 'FAIL' : 'INCONCLUSIVE';
        print(
          `${paint(verdict)}: ${aborted ? `${reason}: ` : ''}${rounds.length} of ${flags.rounds} rounds passed; nothing was recorded`,
        );
        process.exitCode = EXIT_OF[verdict];
        return;
      }
      const { service, profile, environment } = first.result;
      await writeBaseline(file, {
        version: 1,
        service,
        profile,
        recorded: new Date().toISOString(),
        machine: machineOf(first),
        commit: environment.commit?.id ?? null,
        rounds,
        leftOut: leftOut.length,
      });
      print(`${relative('', file)}: ${rounds.length} rounds recorded; ${leftOut.length} inconclusive rounds left out`);
    });

/**
 * Compares with the commit at which a pull request began, otherwise with the baseline. The user did not name that
 * commit, so it is not an error if the comparison is impossible, for example because the commit has no contract yet. It
 * is an error if this build does not start.
 */
async function compareByDefault(flags: GateFlags, watched: Watched): Promise<Judge> {
  const began = await changeBegan(dirname(runOptions(flags, []).contract));
  if (began && 'missing' in began) watched.reporter.note(`no comparison with the other build: ${began.missing}`);
  if (!began || 'missing' in began) return compare(flags, watched, began?.missing);
  try {
    return await compareBuilds({ ...flags, against: began.commit }, watched);
  } catch (error) {
    if (!(error instanceof ProofloadError) || error.code === 'SERVICE_NOT_READY') throw error;
    return async () => ({ name: COMPARISON, judges: SPEED.build, skipped: error.message });
  }
}

/**
 * Returns the comparison with the baseline, or the reason if there is none.
 *
 * @param missing Why there is no comparison with another build, if there should be one.
 */
async function compare(flags: LabFlags & { rounds: number }, watched: Watched, missing?: string): Promise<Judge> {
  const file = await fileOf(flags);
  const known = await readBaseline(file);
  const skip = (skipped: string) => async () => ({ name: COMPARISON, judges: SPEED.baseline, skipped });
  const also = missing === undefined ? '' : `${missing}, and `;
  if (!known)
    return skip(`${also}there is no baseline ${relative('', file)}; "${commandLine('baseline')}" records one`);
  const began = Date.now();
  const taken = await measure(flags, flags.rounds, watched, (first) => differ(known, first).length > 0);
  const { first, rounds, failed, leftOut } = taken;
  if (!first) return skip('no round was measured');
  const other = differ(known, first);
  if (other.length > 0) return skip(`the baseline was recorded on another kind of machine (${other.join('; ')})`);
  const speed = failed.length > 0 ? undefined : speedDiffers(known.rounds, rounds);
  if (speed !== undefined) return skip(`the machine is faster or slower than when the baseline was recorded: ${speed}`);
  const isWhole = failed.length === 0 && rounds.length === flags.rounds;
  const noise = isWhole ? noiseHides(known.rounds, rounds) : undefined;
  if (noise !== undefined) return skip(`the machine is too busy to notice a slower service: ${noise}`);
  return (folder) =>
    writeComparison(folder, {
      baseline: known,
      wanted: flags.rounds,
      rounds,
      failed,
      leftOut,
      seconds: (Date.now() - began) / 1_000,
      seed: first.result.seed,
      again: commandLine('gate'),
    });
}

/** Returns the comparison with another build. */
async function compareBuilds(
  { against = '', prepare = '', rounds, ...flags }: GateFlags,
  { reporter, signal }: Watched,
): Promise<Judge> {
  const given = runOptions(flags, []);
  const { step } = reporter;
  const compared = await compareWithBuild({ ...given, against, prepare, rounds, step, signal });
  if ('skipped' in compared) return async () => ({ name: COMPARISON, judges: SPEED.build, ...compared });
  const again = `AGAINST='${against.replaceAll("'", "'\\''")}' ${commandLine('gate')}`;
  return (folder) => writeComparison(folder, { ...compared, wanted: rounds, seed: given.seed, again });
}

async function measure(
  flags: LabFlags,
  wanted: number,
  watched: Watched,
  isOver: (first: PastRun) => boolean = () => false,
): Promise<Rounds> {
  let last = '';
  return takeRounds(
    wanted,
    async (nth) => {
      watched.reporter.step(`measuring round ${nth} of ${wanted}${last}`);
      const given = { ...runOptions(flags, ['gate']), require: [] };
      // An inconclusive round is repeated, and all of them are listed at the end.
      const keep = Math.max(given.keep ?? SETTINGS.KEEP.usual, 2 * wanted);
      const { verdict, scenarios, coverage } = await run({
        ...given,
        keep,
        name: ROUND,
        signal: watched.signal,
        reporter: SILENT,
      });
      if (scenarios.length === 0) throw new ProofloadError('NOTHING_TO_JUDGE', notJudgedIn(coverage));
      last = `, round ${nth} was ${verdict}`;
      return readRun(flags.results, ROUND);
    },
    (first) => watched.signal.aborted || whyNothingRan([first.result]) !== undefined || isOver(first),
  );
}

const machineOf = ({ result }: PastRun) => describeMachine(result.engine.name, result.postgres);

const differ = (known: Baseline, first: PastRun): string[] => differences(machineOf(first), known.machine);

async function fileOf(flags: LabFlags): Promise<string> {
  const { name: service } = await loadContract(runOptions(flags, []).contract);
  return baselineFile(flags.results, { service, profile: flags.profile });
}
