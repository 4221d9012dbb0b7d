import { GoError } from '../base/errors.ts';
import { startTimer } from '../base/exact-timer.ts';
import type { Logger } from '../base/logger.ts';
import { callInSteps, NoSteps, type Steps } from '../blocking/carried.ts';
import type { Jobs } from '../blocking/jobs.ts';
import type { EventLoop } from './event-loop.ts';

/** One VU's global timers. They keep the VU's event loop alive and are cancelled when its iteration ends. */
export interface VuTimers {
  setTimeout(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): number;
  clearTimeout(id: number): void;
  setInterval(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): number;
  clearInterval(id: number): void;
}

/**
 * Creates timers that keep `loop` alive. If a callback throws, the running function ends with that exception.
 *
 * @param globalObject Returns `this` of the callbacks, as in k6.
 */
export function createTimers(loop: EventLoop, jobs: Jobs, logger: Logger, globalObject: () => unknown): VuTimers {
  const cancels = new Map<number, () => void>();
  let last = 0;

  function start(callback: unknown, ms: unknown, args: unknown[], repeats: boolean): number {
    const name = repeats ? 'setInterval' : 'setTimeout';
    if (callback === null || callback === undefined) throw new GoError(`${name}'s callback isn't a callable function`);
    if (typeof callback !== 'function') throw new TypeError(`${name} needs a function`);
    last += 1;
    const id = last;
    const delay = Math.max(repeats ? 1 : 0, Number(ms) || 0);
    let isRunning = false;
    const begin = () => {
      // It may have been cleared while the VU waited for something else.
      isRunning = cancels.has(id);
      return isRunning ? callInSteps(callback, globalObject(), args) : new NoSteps(undefined);
    };
    const fire = () =>
      runCallback(loop, jobs, begin, () => {
        isRunning = false;
        if (repeats && cancels.has(id)) cancelTimer = startTimer(delay, fire);
        else {
          cancels.delete(id);
          release();
        }
      });
    let cancelTimer = startTimer(delay, fire);
    const stop = () => {
      cancelTimer();
      cancels.delete(id);
    };
    const release = loop.hold(() => {
      if (!isRunning) logger.log('warning', `${name} ${id} was stopped because the VU iteration was interrupted`);
      stop();
    });
    cancels.set(id, () => {
      stop();
      release();
    });
    return id;
  }

  const clear = (id: number): void => cancels.get(id)?.();
  return {
    setTimeout: (callback, ms, ...args) => start(callback, ms, args, false),
    clearTimeout: clear,
    setInterval: (callback, ms, ...args) => start(callback, ms, args, true),
    clearInterval: clear,
  };
}

/** Runs a script function for an event, and calls `done` when it has ended. If it throws, the running one ends. */
export function runCallback(loop: EventLoop, jobs: Jobs, begin: () => Steps, done = () => {}): void {
  jobs.run(begin, {
    onValue: done,
    onError: (error) => {
      done();
      loop.fail(error, false);
    },
  });
}
