import type { Worker } from './stage.ts';

/**
 * Runs iterations on a worker one after another. Checks `goesOn` before each iteration and stops when it returns false.
 *
 * @param onDone Called after each iteration.
 */
export const repeat = (worker: Worker, goesOn: () => boolean, onDone = () => {}): Promise<void> =>
  new Promise((resolve) => {
    const next = () => {
      if (goesOn()) worker.iterate(finish);
      else resolve();
    };
    const finish = () => {
      onDone();
      next();
    };
    next();
  });
