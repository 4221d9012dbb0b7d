import { type Carried, carry, OneStep, type Steps, type Wait } from '../blocking/carried.ts';
import type { Vu } from './vu.ts';

/** Wraps an engine function that scripts call and that may block or call a script function that blocks. */
export function inSteps<T extends unknown[]>(
  vu: Vu,
  body: (this: unknown, ...args: T) => Steps,
): (...args: T) => unknown {
  return methodInSteps(() => vu, body);
}

/** Like `inSteps`, but for methods of objects that know their VU. */
export function methodInSteps<T extends unknown[]>(
  vuOf: (self: unknown) => Vu,
  body: (this: unknown, ...args: T) => Steps,
): (...args: T) => unknown {
  return carrying(vuOf, (self, args) => Reflect.apply(body, self, args) as Steps);
}

/** Like `inSteps`, but for a function that consists of exactly one wait and returns its result. */
export function inOneStep<T extends unknown[]>(vu: Vu, wait: (...args: T) => Wait): (...args: T) => unknown {
  return carrying(
    () => vu,
    (_, args) => new OneStep(Reflect.apply(wait, undefined, args) as Wait),
  );
}

function carrying<T extends unknown[]>(vuOf: (self: unknown) => Vu, begin: Carried['begin']): (...args: T) => unknown {
  const action = function (this: unknown, ...args: T): unknown {
    return vuOf(this).jobs.call(() => begin(this, args));
  };
  return carry(action, { begin });
}
