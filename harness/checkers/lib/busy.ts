import type { History } from '../../history/history.ts';
import type { Facts } from './checker.ts';
import { loaded, stallsUnderLoad } from './stalls.ts';

/** Delays of this many milliseconds or more can leave a check undecided. Shorter ones occur on any machine. */
const BUSY_MS = 100;

/**
 * Returns the longest delay that the machine's own measurements show, such as "the fakes waited 310 ms for a processor".
 * Returns undefined if they show no long delay: nothing may then be blamed on a busy machine.
 */
export function busyness(history: History, { noise }: Pick<Facts, 'noise'>): string | undefined {
  const [from, until] = loaded(history);
  const [pause] = stallsUnderLoad(history);
  const [wait] = history
    .all('starved')
    .filter(({ at, since }) => at >= from && since <= until)
    .sort((a, b) => b.ms - a.ms);
  const delays: [ms: number, said: (ms: string) => string][] = [
    [pause?.ms ?? 0, (ms) => `the ${pause?.of} paused for ${ms} ms`],
    [wait?.ms ?? 0, (ms) => `the ${wait?.of} waited ${ms} ms for a processor`],
    [noise.timerLateMs, (ms) => `a timer was ${ms} ms late before the run`],
    [noise.loopbackMs, (ms) => `a request to an idle process took ${ms} ms before the run`],
  ];
  const [longest] = delays.filter(([ms]) => ms >= BUSY_MS).sort(([a], [b]) => b - a);
  return longest?.[1](longest[0].toFixed(0));
}
