import type { Worker } from './stage.ts';

/**
 * Runs iterations on a worker one after another. Checks `goesOn` before each iteration and stops when it returns false.
 */
export const repeat = (worker: Worker, goesOn: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const next = () => {
      if (goesOn()) worker.iterate(next);
      else resolve();
    };
    next();
  });
