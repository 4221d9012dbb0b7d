import { oncePerPress } from '../../engine/base/once-per-press.ts';
import { EXIT } from '../base/errors.ts';

/**
 * Returns a signal that is aborted by the first Ctrl-C, SIGTERM or SIGHUP, so that the run ends gracefully. Another one,
 * at least a second later, terminates the process immediately.
 *
 * @param note Tells the user what is happening.
 */
export function interruption(note: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  const interrupt = oncePerPress((signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(EXIT.inconclusive);
    note(`${signal}: removing faults and stopping processes; press Ctrl-C again to exit immediately`);
    controller.abort(`interrupted by ${signal}`);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller.signal;
}
