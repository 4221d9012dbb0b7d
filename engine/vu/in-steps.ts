import { type Carried, carriedBy, carry, OneStep, type Steps, type Wait } from '../blocking/carried.ts';
import { toPromise } from '../blocking/jobs.ts';
import type { Vu } from './vu.ts';

/** Wraps a function of the engine that scripts call and that may wait, or call a script function that waits. */
export function inSteps<T extends unknown[]>(
  vu: Vu,
  body: (this: unknown, ...args: T) => Steps,
): (...args: T) => unknown {
  return carrying(
    () => vu,
    (self, args) => Reflect.apply(body, self, args) as Steps,
  );
}

/** Same as `inSteps`, for methods of objects that know their VU. */
export function methodInSteps<T extends unknown[]>(
  vuOf: (self: unknown) => Vu,
  body: (this: unknown, ...args: T) => Steps,
): (...args: T) => unknown {
  return carrying(vuOf, (self, args) => Reflect.apply(body, self, args) as Steps);
}

/** Same as `inSteps`, for a function with exactly one wait, whose result it returns. */
export function inOneStep<T extends unknown[]>(vu: Vu, wait: (...args: T) => Wait): (...args: T) => unknown {
  return carrying(
    () => vu,
    (_, args) => new OneStep(Reflect.apply(wait, undefined, args) as Wait),
  );
}

function carrying<T extends unknown[]>(vuOf: (self: unknown) => Vu, begin: Carried['begin']): (...args: T) => unknown {
  const action = function (this: unknown, ...args: T): unknown {
    const steps = carriedBy(action)?.begin(this, args) as Steps;
    const { jobs } = vuOf(this);
    return jobs.isRunning ? jobs.runAtOnce(steps) : toPromise(jobs.begin(steps));
  };
  return carry(action, { begin, isAsync: false });
}
