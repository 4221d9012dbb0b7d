import type { HistoryEvent } from '../history/events.ts';
import { isStopped, type ProcessorTime, readProc, readProcessorTime, stolenBetween } from '../machine/proc.ts';
import { watchEventLoop } from './event-loop.ts';
import { every } from './every.ts';
import { StallLog } from './stall-log.ts';
import { type Parties, watchStarvation } from './watch-starvation.ts';

/** How often to check the generator's process and the machine's processor time, in milliseconds. */
const [PROCESS_MS, MACHINE_MS] = [40, 500];

/**
 * Watches everything that could stall a script while it is running: the lab's event loop, whether the generator's
 * process is stopped, processor time used by other virtual machines, and how long each party waited for a processor.
 * Only the event loop can be watched on systems without /proc.
 *
 * @param pid The generator's process ID.
 * @param parties The parties to watch.
 */
export function watchRun(pid: number, parties: Parties, record: (event: HistoryEvent) => void): Disposable {
  const watches = new DisposableStack();
  watches.use(watchStarvation(parties, record));
  watches.use(watchEventLoop(watches.use(new StallLog('lab', record)).see));
  watches.use(every(PROCESS_MS, stoppedTimes(pid, watches.use(new StallLog('generator process', record)).see)));
  watches.use(every(MACHINE_MS, stolenTimes(watches.use(new StallLog('machine', record)).see)));
  return watches;
}

/** Returns a check that reports how long the process was stopped as soon as it continues. */
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

/** Returns a check that reports how long other virtual machines have used the processors since the last check. */
function stolenTimes(see: (ms: number) => void): () => void {
  let before: (ProcessorTime & { at: number }) | undefined;
  return () => {
    const read = readProcessorTime();
    if (!read) return;
    const now = { ...read, at: performance.now() };
    if (before && now.total > before.total) see(stolenBetween(before, now) * (now.at - before.at));
    before = now;
  };
}
