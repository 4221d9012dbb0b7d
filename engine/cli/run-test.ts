import { EngineError, TestAbortedError } from '../base/errors.ts';
import { EXIT_CODES, type ExitCode } from '../base/exit-codes.ts';
import type { Logger } from '../base/logger.ts';
import type { ScriptExports } from '../base/script-exports.ts';
import type { Flags } from '../options/flags.ts';
import { openCsvOutput } from '../output/csv-output.ts';
import { openJsonOutput } from '../output/json-output.ts';
import type { Screen } from '../output/screen.ts';
import { summarize } from '../output/summary-data.ts';
import { SummarySections } from '../output/summary-sections.ts';
import { formatSummary } from '../output/summary-text.ts';
import { readTest } from '../read/read-test.ts';
import type { Crew } from '../run/crew.ts';
import { createLocalCrew } from '../run/local-crew.ts';
import { Progress } from '../run/progress.ts';
import { runStageFunction } from '../run/run-stage-function.ts';
import { sampleVus } from '../run/sample-vus.ts';
import { serializeSetupData } from '../run/setup-data.ts';
import { type Objection, objectionsTo, withoutSamples } from '../run/strict-verdict.ts';
import { writeSummary } from '../run/write-summary.ts';
import type { ThresholdSet } from '../thresholds/threshold-set.ts';
import type { Test } from '../vu/test.ts';
import { createThreadCrew } from '../workers/thread-crew.ts';

/** How often to evaluate thresholds, in milliseconds. k6 does so every 2 s (golden record 11). */
const EVALUATION_INTERVAL = 2_000;

/**
 * Runs a script from its init stage to its summary.
 *
 * @param onTest Called as soon as the test exists, so that signals can stop it.
 * @returns The exit code.
 * @throws EngineError if the test could not start because the script does not load or its options are invalid
 */
export async function runTest(
  flags: Flags,
  logger: Logger,
  screen: Screen,
  onTest: (test: Test) => void,
): Promise<ExitCode> {
  const { test, exports, thresholds } = await readTest(flags, logger, onTest);
  const sections = flags.summaryMode === 'full' ? new SummarySections() : undefined;
  const files = flags.outputs.map(({ format, file }) =>
    format === 'json' ? openJsonOutput(file, thresholds, logger) : openCsvOutput(file, test.options.systemTags),
  );
  const outputs = sections ? [...files, sections] : files;
  for (const output of outputs) test.collector.listen((sample) => output.add(sample));
  const crew = flags.workers > 1 ? createThreadCrew(test, flags, exports, outputs) : createLocalCrew(test);
  const progress = new Progress(test, flags, screen);
  progress.start();
  await crew.prepare();

  const stopWatching = watchThresholds(test, thresholds);
  const { failure, setupData, duration } = await execute(test, crew, exports, progress);
  stopWatching();
  if (!failure && !test.state.abortedBy && test.counts.get('iterationsCompleted') === 0) {
    logger.log('warning', 'No script iterations fully finished, consider making the test duration longer');
  }
  const { crossed } = thresholds.evaluate(duration);
  const summary = summarize(test, thresholds, { duration, setupData, noColor: !flags.color });
  const { summaryTrendStats, summaryTimeUnit: timeUnit } = test.options;
  const seconds = duration / 1_000;
  const text = formatSummary({
    thresholds: thresholds.all,
    total: { checks: test.checks.toData().checks, metrics: summary.metrics, groups: new Map() },
    parts: sections?.summarize(summaryTrendStats, seconds),
    seconds,
    timeUnit,
    color: flags.color && process.stdout.isTTY === true,
  });
  const objections = objectionsTo(test, thresholds);
  const unproved = test.options.strict ? [] : withoutSamples(thresholds);
  await crew.close();
  // As in k6, the samples of `handleSummary()` are not recorded.
  test.collector.silence();
  await Promise.all(outputs.map((output) => output.close()));
  test.state.isOver = true;
  progress.stop();
  await writeSummary(test, summary, text, flags);
  progress.leave();
  for (const message of unproved) logger.log('warning', message);
  return conclude(test, failure, crossed, objections);
}

interface Execution {
  /** The error that ended setup or teardown. */
  readonly failure: EngineError | null;
  /** The data that setup returned, as JSON. */
  readonly setupData: string | undefined;
  /** How long the test ran, in milliseconds. */
  readonly duration: number;
}

/** Runs setup, all scenarios in parallel, and teardown. If setup fails, the rest is skipped (golden record 23). */
async function execute(test: Test, crew: Crew, exports: ScriptExports, progress: Progress): Promise<Execution> {
  test.startedAt = performance.now();
  const stopSampling = sampleVus(test);
  let setupData: string | undefined;
  let failure: EngineError | null = null;
  const attempt = async (action: () => Promise<void>): Promise<boolean> => {
    try {
      await action();
      return true;
    } catch (error) {
      if (error instanceof EngineError) failure = error;
      else if (!(error instanceof TestAbortedError)) throw error;
      return false;
    }
  };
  const isReady = await attempt(async () => {
    if (test.state.signal.aborted) throw new TestAbortedError('aborted before setup');
    if (test.options.runsSetup && typeof exports.setup === 'function') {
      progress.enter('setup');
      setupData = serializeSetupData(await runStageFunction(test, 'setup', undefined));
    }
  });
  if (isReady) {
    progress.enter('running');
    await attempt(() => crew.run(setupData));
    await attempt(async () => {
      const data: unknown = setupData === undefined ? undefined : JSON.parse(setupData);
      if (test.options.runsTeardown && typeof exports.teardown === 'function')
        await runStageFunction(test, 'teardown', data);
    });
  }
  stopSampling();
  return { failure, setupData, duration: test.elapsed };
}

/** Logs every reason why the run failed and returns the exit code of the first one. */
function conclude(
  { state, logger }: Test,
  failure: EngineError | null,
  crossed: readonly string[],
  objections: readonly Objection[],
): ExitCode {
  const end = (message: string, exitCode: ExitCode) => {
    logger.log('error', message);
    return exitCode;
  };
  // Log every objection, even if another error determines the exit code.
  for (const { message } of objections) logger.log('error', message);
  if (failure) return end(failure.message, failure.exitCode);
  if (state.abortedBy) return end(state.abortedBy.message, state.abortedBy.exitCode);
  if (crossed.length > 0) {
    return end(`thresholds on metrics '${crossed.join(', ')}' have been crossed`, EXIT_CODES.thresholdsCrossed);
  }
  if (state.markedAsFailed) return end('test run was marked as failed', EXIT_CODES.markedAsFailed);
  return objections[0]?.exitCode ?? EXIT_CODES.ok;
}

/**
 * Evaluates thresholds during a test, and ends the test if a threshold with `abortOnFail` is crossed.
 *
 * @returns A function that stops the evaluation.
 */
function watchThresholds(test: Test, thresholds: ThresholdSet): () => void {
  if (thresholds.isEmpty) return () => {};
  const timer = setInterval(() => {
    const { crossed, abort } = thresholds.evaluate(test.elapsed);
    if (!abort) return;
    test.state.abort({
      message: `thresholds on metrics '${crossed.join(', ')}' were crossed; at least one has abortOnFail enabled, stopping test prematurely`,
      exitCode: EXIT_CODES.thresholdsCrossed,
    });
  }, EVALUATION_INTERVAL);
  return () => clearInterval(timer);
}
