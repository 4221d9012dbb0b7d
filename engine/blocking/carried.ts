/** Receives the outcome of a wait. A promise would cost more than the rest of a script's work per request. */
export interface Waiter<T = unknown> {
  onValue(value: T): void;
  onError(error: unknown): void;
}

/**
 * Something that a script waits for while none of its own code runs: a response, or the end of a sleep. Only code that
 * can wait may start it.
 */
export interface Wait {
  /** Calls the waiter exactly once, and never before this method returns. */
  begin(waiter: Waiter): void;
}

/** Waits for a promise. `make` is called when the wait starts. */
export const waitForPromise = (make: () => Promise<unknown>): Wait => ({
  begin(waiter) {
    make().then(
      (value) => waiter.onValue(value),
      (error: unknown) => waiter.onError(error),
    );
  },
});

/** An `await` in an async function of a script. */
export class Await {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A function's body that runs in steps; its VU waits between two steps. Usually a generator. */
export interface Steps<T = unknown> {
  next(value?: unknown): IteratorResult<Wait | Await, T>;
  throw(error: unknown): IteratorResult<Wait | Await, T>;
  [Symbol.iterator](): Iterator<Wait | Await, T, unknown>;
}

/**
 * Steps with exactly one wait, whose result is the final one. A generator would account for half of a request's script
 * cost.
 */
export class OneStep implements Steps {
  #wait: Wait | null;

  constructor(wait: Wait) {
    this.#wait = wait;
  }

  next(value?: unknown): IteratorResult<Wait, unknown> {
    const wait = this.#wait;
    if (!wait) return { done: true, value };
    this.#wait = null;
    return { done: false, value: wait };
  }

  throw(error: unknown): never {
    throw error;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** How to run a function in steps. */
export interface Carried {
  readonly begin: (self: unknown, args: unknown[]) => Steps;
  /** Whether it was declared `async`, so a call returns a promise. */
  readonly isAsync: boolean;
}

/** Any callable: a function of a script, of the engine, or a built-in. */
// biome-ignore lint/complexity/noBannedTypes: scripts may pass any function
export type AnyFunction = Function;

class Identity {
  constructor(action: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the result becomes `this` of the subclass
    return action;
  }
}

/**
 * Attaches data to a function in a private field. Scripts can't see it. Unlike a WeakMap, it adds no work for the
 * garbage collector when scripts create functions in every iteration.
 */
class Note extends Identity {
  #carried: Carried;

  constructor(action: AnyFunction, carried: Carried) {
    super(action);
    this.#carried = carried;
  }

  static write(action: AnyFunction, carried: Carried): void {
    if (#carried in action) (action as Note).#carried = carried;
    else new Note(action, carried);
  }

  static read(action: unknown): Carried | undefined {
    return typeof action === 'function' && #carried in action ? (action as Note).#carried : undefined;
  }
}

/** Records how to run a function in steps. */
export function carry<T extends AnyFunction>(action: T, carried: Carried): T {
  Note.write(action, carried);
  return action;
}

/** Returns undefined if a function can't wait: it is a built-in, or a script's function in a place that can't wait. */
export const carriedBy = (action: unknown): Carried | undefined => Note.read(action);

/** Calls a function in steps if it has them, otherwise directly. */
export function* callInSteps(action: unknown, self: unknown, args: unknown[]): Steps {
  const carried = carriedBy(action);
  return carried ? yield* carried.begin(self, args) : Reflect.apply(action as AnyFunction, self, args);
}
