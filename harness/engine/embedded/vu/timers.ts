import type { EventLoop } from './event-loop.ts';
import { startTimer } from './exact-timer.ts';

/** The timers of one VU: those that scripts see as globals. They hold its event loop, and end with its iteration. */
export interface VuTimers {
  setTimeout(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): number;
  clearTimeout(id: number): void;
  setInterval(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): number;
  clearInterval(id: number): void;
}

/** Timers that hold `loop`. A callback that throws ends the loop's function with that exception. */
export function createTimers(loop: EventLoop): VuTimers {
  const cancels = new Map<number, () => void>();
  let last = 0;

  function start(callback: unknown, ms: unknown, args: unknown[], repeats: boolean): number {
    if (typeof callback !== 'function')
      throw new TypeError(`${repeats ? 'setInterval' : 'setTimeout'} needs a function`);
    last += 1;
    const id = last;
    const delay = Math.max(repeats ? 1 : 0, Number(ms) || 0);
    const fire = () => {
      if (repeats) cancelTimer = startTimer(delay, fire);
      else cancels.delete(id);
      try {
        callback(...args);
      } catch (error) {
        loop.fail(error, false);
      }
      if (!repeats) release();
    };
    let cancelTimer = startTimer(delay, fire);
    const stop = () => {
      cancelTimer();
      cancels.delete(id);
    };
    const release = loop.hold(stop);
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
