import { about } from '../../base/in-words.ts';
import type { Display } from './display.ts';

/**
 * Writes one line for each step, scenario, phase and breaker transition, without escape codes. As soon as two scenarios
 * have run at the same time, each line starts with its scenario's name.
 *
 * @param everySeconds The minimum time between two lines of a scenario. Events before that get no line.
 */
export function plainLines(write: (line: string) => void, everySeconds = 0): Display {
  let running = 0;
  let areSeveral = false;
  return {
    step: write,
    plan() {},
    begin({ scenario, expectedSeconds }) {
      // The clock of a history may go back by less than a millisecond, which would be shown as "-0.0 s".
      const began = performance.now();
      running += 1;
      areSeveral ||= running > 1;
      write(expectedSeconds === undefined ? scenario : `${scenario} (${about(expectedSeconds)})`);
      let last = began;
      const tell = (text: string) => {
        const at = performance.now();
        if (at - last < everySeconds * 1_000) return;
        last = at;
        const seconds = `${((at - began) / 1_000).toFixed(1)} s`.padStart(9);
        write(`${seconds}  ${areSeveral ? `${scenario}: ` : ''}${text}`);
      };
      return {
        see(event) {
          if (event.type === 'phase') tell(event.title);
          if (event.type === 'transition') tell(`breaker ${event.breaker} ${event.to}`);
        },
        ended() {
          running -= 1;
        },
      };
    },
    judged() {},
    note: write,
    clear() {},
    [Symbol.dispose]() {},
  };
}

/** Writes one line for each step and note, without escape codes. */
export function stepLines(write: (line: string) => void): Display {
  return {
    step: write,
    plan() {},
    begin: () => ({ see() {}, ended() {} }),
    judged() {},
    note: write,
    clear() {},
    [Symbol.dispose]() {},
  };
}
