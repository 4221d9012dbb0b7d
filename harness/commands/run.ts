import type { Command } from 'commander';
import { ProofloadError } from '../base/errors.ts';
import { SETTINGS } from '../base/settings.ts';
import { SUITES } from '../contract/scenario-scripts.ts';
import { loadProject } from '../project/load-project.ts';
import { appendToJobSummary } from '../report/job-summary.ts';
import { markdown } from '../report/machine/markdown.ts';
import { sendMetrics } from '../report/otlp/send-metrics.ts';
import { countRepeats } from '../report/repeats.ts';
import { createReporter, type ReporterFlags } from '../report/reporters/index.ts';
import type { Reporter } from '../report/reporters/reporter.ts';
import { run } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { selectScenarios } from '../run/select-scenarios.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { exitCodeOf, sayWhyNothingRan, whyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { contractFile, type LabFlags, runOptions } from './lab-options.ts';
import type { SelectionFlags } from './selection-options.ts';
import { type WatchingParent, watchingParent, watchRuns } from './watch-runs.ts';

interface Flags extends LabFlags, ReporterFlags, SelectionFlags {
  repeat: number;
  watch?: boolean;
  /** Whether `--watch` has started this run. */
  watched?: boolean;
  otlp?: string;
}

/** The difference between the seeds of two repeats. Within a run, each scenario adds one. */
const SEEDS_APART = 100;

/** Implements `proofload run`, which runs scenarios once or several times and reports the verdicts. */
export async function runScenarios(requested: string[], flags: Flags, command: Command): Promise<void> {
  const scenarios = await select(requested, flags);
  if (flags.watch) return watchRuns(command, flags, scenarios);
  const parent = watchingParent(flags.watched);
  using printing = createReporter(flags);
  await using sending = flags.otlp === undefined ? undefined : await sendMetrics(flags.otlp, printing);
  const reporter = telling(sending ?? printing, parent);
  const options: RunOptions = {
    ...runOptions(flags, scenarios),
    ...(scenarios !== requested && { name: flags.lastFailed ? 'last-failed' : 'grep' }),
    reporter,
    measuresAgain: true,
    signal: AbortSignal.any([interruption(reporter.note), parent.signal]),
    ...(parent.graceMs !== undefined && { graceMs: parent.graceMs }),
  };
  const results = flags.repeat > 1 ? await runAgainAndAgain(options, flags) : [await runOnce(options)];
  const { verdict } = countRepeats(results, flags.repeat, flags.results);
  process.exitCode = exitCodeOf(verdict, results);
}

/**
 * Returns which scenarios to run. Suites and names are returned as given because they name the run, unless an option
 * filters them.
 *
 * @throws ProofloadError USAGE if nothing is selected
 */
async function select(requested: readonly string[], flags: Flags): Promise<readonly string[]> {
  const { grep, lastFailed, results } = flags;
  if (grep !== undefined || lastFailed) {
    const breakers = Object.keys((await loadProject(contractFile(flags))).breakers);
    return selectScenarios({ scenarios: requested, breakers, grep, lastFailedIn: lastFailed ? results : undefined });
  }
  if (requested.length > 0) return requested;
  throw new ProofloadError(
    'USAGE',
    `name suites (${SUITES.join(', ')}) or scenarios, or select some by --grep or --last-failed; "proofload list" prints all`,
  );
}

/** Tells the command that watches the verdicts before they are printed, because a key may be pressed at once. */
const telling = (reporter: Reporter, parent: WatchingParent): Reporter => ({
  ...reporter,
  runEnds(result) {
    parent.tell(result.scenarios.map(({ scenario, verdict }) => [scenario, verdict]));
    reporter.runEnds(result);
  },
});

async function runOnce(options: RunOptions): Promise<RunResult> {
  const result = await run(options);
  sayWhyNothingRan([result]);
  appendToJobSummary(markdown(result));
  return result;
}

/** If nothing could be set up in any repeat so far, no further ones are started after this many. */
const GIVE_UP_AFTER = 3;

const isHopeless = (results: readonly RunResult[]): boolean =>
  results.length >= GIVE_UP_AFTER && whyNothingRan(results) !== undefined;

/**
 * Repeats a run, each time in a separate folder. No matter how the repeats end, all verdicts up to that point are
 * counted and reported.
 */
async function runAgainAndAgain(options: RunOptions, flags: Flags): Promise<RunResult[]> {
  const results: RunResult[] = [];
  try {
    while (results.length < flags.repeat && !options.signal.aborted && !isHopeless(results)) {
      const nth = results.length;
      const repetition = `${nth + 1} of ${flags.repeat}`;
      // The table at the end refers to all of them.
      const keep = Math.max(options.keep ?? SETTINGS.KEEP.usual, flags.repeat);
      const result = await runOnce({ ...options, keep, repetition, seed: options.seed + nth * SEEDS_APART });
      // An interrupted repeat proves nothing, unless a check had failed.
      if (result.stopped === undefined || !options.signal.aborted || result.verdict === 'FAIL') results.push(result);
    }
  } finally {
    options.reporter.repeatsEnd(countRepeats(results, flags.repeat, flags.results));
  }
  return results;
}
