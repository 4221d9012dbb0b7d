import { carriedBy, carry, type Steps } from '../blocking/carried.ts';
import { toPromise } from '../blocking/jobs.ts';
import type { Vu } from '../vu/vu.ts';

/** A function of the engine that scripts call: it may wait, or call a function of theirs that does. */
export function inSteps<T extends unknown[]>(
  vu: Vu,
  body: (this: unknown, ...args: T) => Steps,
): (...args: T) => unknown {
  const action = function (this: unknown, ...args: T): unknown {
    const steps = carriedBy(action)?.begin(this, args) as Steps;
    return vu.jobs.isRunning ? vu.jobs.runAtOnce(steps) : toPromise(vu.jobs.begin(steps));
  };
  return carry(action, { begin: (self, args) => Reflect.apply(body, self, args) as Steps, isAsync: false });
}
