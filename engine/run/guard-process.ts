import { fstatSync } from 'node:fs';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { Logger } from '../base/logger.ts';
import type { Test } from '../vu/test.ts';
import { currentVu } from '../vu/vu.ts';

/** How often the parent is looked for: milliseconds. */
const PARENT_INTERVAL = 500;

/**
 * Keeps the process to what a run may do to it: a signal ends the test in order, a second one at once; what a script
 * throws past its own code ends its iteration and nothing else; and where the parent is gone, so is the run.
 *
 * @param test The test, once there is one.
 */
export function guardProcess(logger: Logger, test: () => Test | undefined): void {
  const stop = (reason: string) => {
    const running = test();
    if (!running || running.state.abortedBy) process.exit(EXIT_CODES.stoppedBySignal);
    running.state.abort({ message: reason, exitCode: EXIT_CODES.stoppedBySignal });
  };
  for (const [signal, name] of [
    ['SIGINT', 'interrupt'],
    ['SIGTERM', 'terminated'],
  ] as const) {
    process.on(signal, () => stop(`test run was aborted because the engine received a '${name}' signal`));
  }
  guardIterations((error) => {
    logger.log('error', `internal error: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(EXIT_CODES.other);
  });
  // Node's own warnings are no lines of a run's log.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.log('debug', String(warning)));
  watchParent(stop);
}

/**
 * Has what a script throws past its own code end its iteration, in this thread.
 *
 * @param onInternalError Told what was thrown by no script.
 */
export function guardIterations(onInternalError: (error: unknown) => void): void {
  const failIteration = (inPromise: boolean) => (error: unknown) => {
    const vu = currentVu();
    if (vu?.loop.isRunning) vu.loop.fail(error, inPromise);
    else if (!vu) onInternalError(error);
  };
  process.on('unhandledRejection', failIteration(true));
  process.on('uncaughtException', failIteration(false));
}

/** A shell may leave a run behind on purpose; a program that reads its output does not. */
function watchParent(stop: (reason: string) => void): void {
  const stderr = fstatSync(2);
  if (!stderr.isFIFO() && !stderr.isSocket()) return;
  const parent = process.ppid;
  const onBroken = () => process.exit(EXIT_CODES.stoppedBySignal);
  process.stdout.on('error', onBroken);
  process.stderr.on('error', onBroken);
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop('test run was aborted because its parent is gone');
  }, PARENT_INTERVAL);
  timer.unref();
}
