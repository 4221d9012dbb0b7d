import { now } from '../../clock.ts';
import type { HistoryEvent } from '../../history/events.ts';
import { type Announced, NOBODY, type Watcher } from './watcher.ts';

/** A line for each step, scenario and phase, without escape codes: for logs, and wherever there is no terminal. */
export function plainLines(write: (line: string) => void): Watcher & Disposable {
  let began = 0;
  return {
    ...NOBODY,
    step: write,
    begin({ scenario, expectedSeconds }: Announced) {
      began = now();
      write(expectedSeconds === undefined ? scenario : `${scenario} (about ${expectedSeconds.toFixed(0)} s)`);
    },
    see(event: HistoryEvent) {
      const seconds = `${((now() - began) / 1_000).toFixed(1)} s`.padStart(9);
      if (event.type === 'phase') write(`${seconds}  ${event.name}`);
      if (event.type === 'transition') write(`${seconds}  breaker ${event.breaker} ${event.to}`);
    },
    note: write,
    [Symbol.dispose]() {},
  };
}
