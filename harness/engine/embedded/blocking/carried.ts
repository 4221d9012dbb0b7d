/**
 * Something that a script waits for without letting any of its own code run meanwhile: an answer, or the end of a
 * sleep. It is begun by whoever can wait for it, and by nobody else.
 */
export class Wait {
  readonly begin: () => Promise<unknown>;

  constructor(begin: () => Promise<unknown>) {
    this.begin = begin;
  }
}

/** An `await` of an async function of a script. */
export class Await {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A function's body, run in steps: between two of them its VU waits. */
export type Steps<T = unknown> = Generator<Wait | Await, T, unknown>;

/** How a function is run in steps. */
export interface Carried {
  readonly begin: (self: unknown, args: unknown[]) => Steps;
  /** Declared `async`: a call gives a promise. */
  readonly isAsync: boolean;
}

/** What can be called: of scripts, of the engine, or of the language. */
// biome-ignore lint/complexity/noBannedTypes: scripts hand over any function there is
export type AnyFunction = Function;

const registry = new WeakMap<AnyFunction, Carried>();

/** Notes how a function is run in steps. */
export function carry<T extends AnyFunction>(action: T, carried: Carried): T {
  registry.set(action, carried);
  return action;
}

/** undefined where a function can't wait: it is the language's, or the script's own but in a place that can't. */
export const carriedBy = (action: unknown): Carried | undefined => registry.get(action as AnyFunction);

/** Calls a function in steps where it has them, and at once where it has none. */
export function* callInSteps(action: unknown, self: unknown, args: unknown[]): Steps {
  const carried = carriedBy(action);
  return carried ? yield* carried.begin(self, args) : Reflect.apply(action as AnyFunction, self, args);
}
