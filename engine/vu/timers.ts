import { GoError } from '../base/errors.ts';
import { startTimer } from '../base/exact-timer.ts';
import type { Logger } from '../base/logger.ts';
import { type AnyFunction, callInSteps } from '../blocking/carried.ts';
import type { Jobs } from '../blocking/jobs.ts';
import type { EventLoop } from './event-loop.ts';

/** One VU's global timers. They keep the VU's event loop alive and are cancelled when its iteration ends. */
export interface VuTimers {
  setTimeout(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): number;
  clearTimeout(id: number): void;
  setInterval(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): number;
  clearInterval(id: number): void;
}

/** Creates timers that keep `loop` alive. If a callback throws, the running function ends with that exception. */
export function createTimers(loop: EventLoop, jobs: Jobs, logger: Logger): VuTimers {
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
    const fire = () => {
      isRunning = true;
      if (repeats) cancelTimer = startTimer(delay, fire);
      else cancels.delete(id);
      const done = () => {
        isRunning = false;
        if (!repeats) release();
      };
      runCallback(loop, jobs, callback as AnyFunction, args, done);
    };
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

/**
 * Runs a script function in response to an event, and calls `done` when it has finished. If it throws, the running
 * function ends.
 */
export function runCallback(loop: EventLoop, jobs: Jobs, action: AnyFunction, args: unknown[], done = () => {}): void {
  jobs.run(() => callInSteps(action, undefined, args), {
    onValue: done,
    onError: (error) => {
      loop.fail(error, false);
      done();
    },
  });
}
