import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { toEngineError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import { type Logger, silentLogger } from '../base/logger.ts';
import { declareStrictMetrics } from '../metrics/strict-metrics.ts';
import { resolveOptions } from '../options/resolve-options.ts';
import { createTest } from '../read/create-test.ts';
import { guardIterations } from '../run/guard-process.ts';
import { createLocalCrew } from '../run/local-crew.ts';
import { patchProcess } from '../script/patch-process.ts';
import { ThresholdSet } from '../thresholds/threshold-set.ts';
import { Counts, countScenarios, RUN_COUNTS } from '../vu/counts.ts';
import type { Test } from '../vu/test.ts';
import { takeMetrics } from './exchange-metrics.ts';
import type { Assignment, FromThread, SentSample, ToThread } from './messages.ts';

/** How often to send metrics, in milliseconds, so that thresholds can end the test. */
const METRICS_INTERVAL = 1_000;
/** How often to send samples if there are outputs, in milliseconds. */
const SAMPLES_INTERVAL = 100;

const port = parentPort as MessagePort;
const post = (message: FromThread): void => port.postMessage(message);

/** Runs this thread's part of a test's VUs. See `thread-crew.ts`. */
async function main(assignment: Assignment): Promise<void> {
  const test = prepareTest(assignment);
  const crew = createLocalCrew(test);
  const sendSamples = assignment.sendsSamples ? collectSamples(test) : () => {};
  port.on('message', (message: ToThread) => {
    if (message.type === 'abort') test.state.abort({ message: '', exitCode: EXIT_CODES.aborted });
    else run(message).catch(fail);
  });
  test.state.signal.addEventListener('abort', () => {
    if (test.state.abortedBy) post({ type: 'abort', reason: test.state.abortedBy });
  });

  async function run({ setupData, elapsed }: Extract<ToThread, { type: 'run' }>): Promise<void> {
    test.startedAt = performance.now() - elapsed;
    const sendMetrics = () => post({ type: 'metrics', metrics: takeMetrics(test.registry) });
    const timers = [setInterval(sendMetrics, METRICS_INTERVAL), setInterval(sendSamples, SAMPLES_INTERVAL)];
    await crew.run(setupData);
    for (const timer of timers) clearInterval(timer);
    sendSamples();
    sendMetrics();
    await crew.close();
    post({
      type: 'done',
      groups: test.rootGroup.toData(),
      checks: test.checks.toData(),
      markedAsFailed: test.state.markedAsFailed,
    });
  }

  await crew.prepare();
  post({ type: 'ready' });
}

function prepareTest({ flags, index, parts, counts, ...assignment }: Assignment): Test {
  const log: Logger['log'] = (level, message, details) => post({ type: 'log', level, message, details });
  const test = createTest(flags, { log }, new Counts(RUN_COUNTS, counts));
  guardIterations((error) => fail(error));
  patchProcess();
  for (const id of assignment.loaded) test.loaded.add(id);
  for (const [name, texts] of assignment.sharedArrays) test.sharedArrays.set(name, texts);
  for (const { name, type, contains } of assignment.metrics) test.registry.declare(name, type, contains);
  const functions = assignment.functions.map((name) => [name, () => {}]);
  const exports = { ...Object.fromEntries(functions), options: assignment.options };
  // The main thread has already logged all warnings.
  test.options = resolveOptions(exports, flags, silentLogger, (share) => share.part(index, parts));
  test.scenarioCounts = countScenarios([...assignment.scenarioCounts.keys()], assignment.scenarioCounts);
  if (test.options.strict) test.strictMetrics = declareStrictMetrics(test.registry);
  // Creating the set also creates the submetrics.
  new ThresholdSet(test.options.thresholds, test.registry);
  return test;
}

function collectSamples(test: Test): () => void {
  let samples: SentSample[] = [];
  test.collector.listen(({ metric, time, value, tags, metadata }) =>
    samples.push([metric.name, time, value, tags, metadata]),
  );
  return () => {
    if (samples.length > 0) post({ type: 'samples', samples });
    samples = [];
  };
}

function fail(error: unknown): void {
  const { code, message, exitCode } = toEngineError(error);
  post({ type: 'failed', code, message, exitCode });
}

main(workerData as Assignment).catch(fail);
