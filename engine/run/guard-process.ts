import { fstatSync } from 'node:fs';
import { toEngineError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { Logger } from '../base/logger.ts';
import type { Test } from '../vu/test.ts';
import { currentVu } from '../vu/vu.ts';
import { handleSignals } from './handle-signals.ts';

/** How often to check that the parent process still exists, in milliseconds. */
const PARENT_INTERVAL = 500;

/**
 * Installs signal and exception handlers for a run (`handleSignals`). An uncaught exception in a script ends only its
 * iteration. The run stops if the parent process dies.
 *
 * @param test Returns the test, once it has been created.
 * @returns A function that watches for signals while a VU's code blocks the event loop.
 */
export function guardProcess(logger: Logger, test: () => Test | undefined): Test['whileBusy'] {
  const { stop, whileBusy } = handleSignals(logger, test);
  guardIterations((error) => {
    logger.log('error', toEngineError(error).message);
    process.exit(EXIT_CODES.other);
  });
  // Keep Node's own warnings out of the run's log.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.log('debug', String(warning)));
  watchParent(stop);
  return whileBusy;
}

/**
 * Makes an uncaught exception in a script end only its iteration in this thread.
 *
 * @param onInternalError Receives errors that were not thrown by a script.
 */
export function guardIterations(onInternalError: (error: unknown) => void): void {
  const failIteration = (error: unknown, inPromise: boolean) => {
    const vu = currentVu();
    if (vu?.loop.isRunning) vu.loop.fail(error, inPromise);
    else if (!vu) onInternalError(error);
  };
  process.on('unhandledRejection', (error) => failIteration(error, true));
  process.on('uncaughtException', (error) => failIteration(error, false));
}

/** Stops the run when its parent dies, if a program reads the output. A shell may leave it in the background. */
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
