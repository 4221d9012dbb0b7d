import { fstatSync } from 'node:fs';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { Logger } from '../base/logger.ts';
import type { Test } from '../vu/test.ts';
import { currentVu } from '../vu/vu.ts';

/** Milliseconds between checks that the parent process exists. */
const PARENT_INTERVAL = 500;

/**
 * Installs the handlers of a run's process. The first signal ends the test in order, the second at once. An uncaught
 * exception of a script ends only its iteration. The run ends if the parent process dies.
 *
 * @param test Returns the test, once it exists.
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
  // Node's own warnings do not belong in the run's log.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.log('debug', String(warning)));
  watchParent(stop);
}

/**
 * Makes an uncaught exception of a script end its iteration in this thread.
 *
 * @param onInternalError Receives errors that no script threw.
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

/** A shell may leave a run in the background on purpose; a program that reads its output does not. */
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
