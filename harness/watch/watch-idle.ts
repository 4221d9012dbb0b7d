import { cpus } from 'node:os';
import { keepLast } from '../base/keep-last.ts';
import { every } from './every.ts';

/** A machine's processor time since it started, in milliseconds. */
interface Times {
  readonly idle: number;
  readonly total: number;
}

/** The sampling interval in milliseconds, and how many intervals are kept. */
const [INTERVAL_MS, INTERVALS] = [200, 5];

/** Returns all processors' times together. */
function timesOf(): Times {
  const all = cpus().map(({ times }) => times);
  const sum = (of: (part: (typeof all)[number]) => number) => all.reduce((total, part) => total + of(part), 0);
  return { idle: sum(({ idle }) => idle), total: sum((part) => Object.values(part).reduce((a, b) => a + b, 0)) };
}

/** Watches the idle share of the processors' time until it is disposed. */
export function watchIdle(read: () => Times = timesOf): Disposable & { share: (ms: number) => number } {
  const seen: Times[] = [];
  const watching = every(INTERVAL_MS, () => keepLast(seen, read(), INTERVALS + 1));
  return {
    /** Returns the idle share of the last milliseconds, at most 1000, from 0 to 1. It is 0 if it isn't known yet. */
    share(ms) {
      const [first, last] = [seen.slice(-1 - Math.round(ms / INTERVAL_MS))[0], seen.at(-1)];
      return first && last && last.total > first.total ? (last.idle - first.idle) / (last.total - first.total) : 0;
    },
    [Symbol.dispose]: () => watching[Symbol.dispose](),
  };
}
