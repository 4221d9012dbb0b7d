import { printError } from '../base/print.ts';
import { LiveView } from '../report/live/live-view.ts';
import { plainLines } from '../report/live/plain-lines.ts';
import { NOBODY, type Watcher } from '../report/live/watcher.ts';

/** A frame where standard error is a terminal, lines where it is not, nothing where that is asked for. */
export function watcherFor({ quiet, json }: { quiet?: boolean; json?: boolean }): Watcher & Disposable {
  if (quiet || json) return { ...NOBODY, note: printError, [Symbol.dispose]() {} };
  return process.stderr.isTTY ? new LiveView(process.stderr) : plainLines(printError);
}
