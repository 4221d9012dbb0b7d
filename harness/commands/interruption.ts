import { EXIT } from '../base/errors.ts';
import type { Watcher } from '../report/live/watcher.ts';

/** Aborted by the first Ctrl-C or SIGTERM: the run ends in order. The second ends the process at once. */
export function interruption(watcher: Pick<Watcher, 'note'>): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.inconclusive);
      watcher.note(`${signal}: healing faults and ending processes; once more to leave at once`);
      controller.abort(`interrupted by ${signal}`);
    });
  }
  return controller.signal;
}
