import { readProcessorTime } from '../../harness/machine/proc.ts';
import { processorTime, TICK_MS } from '../../harness/machine/processor-time.ts';

/** If other programs use more than this share of the processors, a missed bound proves nothing. */
const BUSY = 0.1;

/** The processor time so far, in milliseconds. */
interface Used {
  /** What this process and its descendants used. */
  readonly own: number;
  /** What all programs on this machine used. */
  readonly all: number;
  /** All time of all processors. */
  readonly total: number;
}

/**
 * Measures how busy other programs keep the machine from now on. Returns a function that tells why a missed bound
 * proves nothing, or undefined if the machine was quiet, or if the system doesn't tell (only Linux does). Programs in
 * containers count as others.
 */
export function watchOthers(read = readUsed): () => string | undefined {
  const before = read();
  return () => {
    const after = read();
    if (!before || !after) return undefined;
    const share = (after.all - before.all - (after.own - before.own)) / (after.total - before.total);
    if (!(share > BUSY)) return undefined;
    return `the machine was too busy: other programs used ${(share * 100).toFixed(0)} % of the processors`;
  };
}

function readUsed(): Used | undefined {
  const time = readProcessorTime();
  const own = processorTime(process.pid);
  return time && own !== undefined ? { own, all: time.used * TICK_MS, total: time.total * TICK_MS } : undefined;
}
