import type { HistoryEvent } from '../history/events.ts';
import { isStopped, type ProcessorTime, parseProcessorTime, readProc } from '../machine/proc.ts';
import { watchEventLoop } from './event-loop.ts';
import { every } from './every.ts';
import { StallLog } from './stall-log.ts';
import { type Parties, watchStarvation } from './watch-starvation.ts';

/** Milliseconds between two looks at the generator's process, and at the machine's processor time. */
const [PROCESS_MS, MACHINE_MS] = [40, 500];

/**
 * Watches, while a script runs, what could stall it: the lab's event loop, the generator's process (is it stopped?),
 * processor time that others took from the machine, and how long each party waited for a processor. What /proc does not tell, as on
 * other systems, is not watched.
 *
 * @param pid The generator's process.
 * @param parties Whose waiting is watched.
 */
export function watchRun(pid: number, parties: Parties, record: (event: HistoryEvent) => void): Disposable {
  const watches = new DisposableStack();
  watches.use(watchStarvation(parties, record));
  watches.use(watchEventLoop(watches.use(new StallLog('lab', record)).see));
  watches.use(every(PROCESS_MS, stoppedTimes(pid, watches.use(new StallLog('generator process', record)).see)));
  watches.use(every(MACHINE_MS, stolenTimes(watches.use(new StallLog('machine', record)).see)));
  return watches;
}

/** Tells for how long the process was seen stopped, once it goes on. */
function stoppedTimes(pid: number, see: (ms: number) => void): () => void {
  let [lastRunning, stopped] = [performance.now(), false];
  return () => {
    const text = readProc(`${pid}/stat`);
    if (text === undefined) return;
    const now = performance.now();
    if (isStopped(text)) stopped = true;
    else {
      see(stopped ? now - lastRunning : 0);
      [lastRunning, stopped] = [now, false];
    }
  };
}

/** Tells for how long of the time since the last look others had the machine's processors. */
function stolenTimes(see: (ms: number) => void): () => void {
  let before: (ProcessorTime & { at: number }) | undefined;
  return () => {
    const read = parseProcessorTime(readProc('stat') ?? '');
    if (!read) return;
    const now = { ...read, at: performance.now() };
    const ticks = before ? now.total - before.total : 0;
    if (before && ticks > 0) see(((now.stolen - before.stolen) / ticks) * (now.at - before.at));
    before = now;
  };
}
