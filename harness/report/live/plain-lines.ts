import { now } from '../../base/clock.ts';
import { about } from '../../base/in-words.ts';
import type { Display } from './display.ts';
import { oneLine } from './frame.ts';
import { LiveState } from './live-state.ts';

/** The longest time without a line, in milliseconds, and how often to look. CI systems end jobs that are silent. */
const [SILENT_MS, LOOK_MS] = [10_000, 1_000];

/**
 * Adds a line to plain output whenever there was none for ten seconds: the progress, and the scenarios that are running
 * with their phases, or the current step.
 *
 * @param create Creates the output, which writes its lines with the given function.
 */
export function neverSilent(
  create: (write: (line: string) => void) => Display,
  write: (line: string) => void,
): Display {
  const state = new LiveState();
  let last = performance.now();
  const tell = (line: string): void => {
    last = performance.now();
    write(line);
  };
  const display = create(tell);
  const look = (): void => {
    if (performance.now() - last >= SILENT_MS) tell(oneLine(state, now(), Number.POSITIVE_INFINITY).join());
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return {
    step(text) {
      state.step = text;
      display.step(text);
    },
    plan(plan) {
      state.begins(plan);
      display.plan(plan);
    },
    begin(announced) {
      const scenario = state.begin(announced, now());
      const watcher = display.begin(announced);
      return {
        see(event) {
          scenario.see(event);
          watcher.see(event);
        },
        ended() {
          state.end(scenario);
          watcher.ended();
        },
      };
    },
    judged(checks) {
      state.judged(checks);
      display.judged(checks);
    },
    note: (text) => display.note(text),
    clear() {
      // Other output follows.
      last = performance.now();
      display.clear();
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      display[Symbol.dispose]();
    },
  };
}

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
