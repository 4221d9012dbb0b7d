import type { Worker } from './stage.ts';

/** Has a worker run one iteration after the other, for as long as `goesOn`, asked before each, says so. */
export const repeat = (worker: Worker, goesOn: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const next = () => {
      if (goesOn()) worker.iterate(next);
      else resolve();
    };
    next();
  });
