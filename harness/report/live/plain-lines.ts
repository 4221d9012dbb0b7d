import { now } from '../../base/clock.ts';
import { about } from '../../base/in-words.ts';
import type { Announced, Watcher } from './watcher.ts';

/**
 * A line for each step, scenario and phase, without escape codes: for logs, and wherever there is no terminal. Once two
 * scenarios have run at the same time, each line says whose it is.
 */
export function plainLines(write: (line: string) => void): Watcher & Disposable {
  let [running, areSeveral] = [0, false];
  return {
    step: write,
    begin({ scenario, expectedSeconds }: Announced) {
      const began = now();
      running += 1;
      areSeveral ||= running > 1;
      write(expectedSeconds === undefined ? scenario : `${scenario} (${about(expectedSeconds)})`);
      const tell = (what: string) => {
        const seconds = `${((now() - began) / 1_000).toFixed(1)} s`.padStart(9);
        write(`${seconds}  ${areSeveral ? `${scenario}: ` : ''}${what}`);
      };
      return {
        see(event) {
          if (event.type === 'phase') tell(event.name);
          if (event.type === 'transition') tell(`breaker ${event.breaker} ${event.to}`);
        },
        request() {},
        judged() {
          running -= 1;
        },
      };
    },
    note: write,
    clear() {},
    [Symbol.dispose]() {},
  };
}
