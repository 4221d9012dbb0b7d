import { EXIT } from '../base/errors.ts';

/**
 * Returns a signal that the first Ctrl-C, SIGTERM or SIGHUP aborts, so that the run ends in order. A second one ends the process
 * at once.
 *
 * @param note Tells the user what happens.
 */
export function interruption(note: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.inconclusive);
      note(`${signal}: healing faults and ending processes; press Ctrl-C again to leave at once`);
      controller.abort(`interrupted by ${signal}`);
    });
  }
  return controller.signal;
}
