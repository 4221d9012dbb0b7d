import type { AnyFunction, Carried, Steps } from './carried.ts';

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Runs a function that was called with `new` in steps. */
export function* constructInSteps(this: Carried, args: unknown[], newTarget: AnyFunction): Steps {
  const { prototype } = newTarget as { prototype: unknown };
  const self: object = Object.create(isObject(prototype) ? prototype : Object.prototype);
  const result = yield* this.begin(self, args);
  return isObject(result) ? result : self;
}
