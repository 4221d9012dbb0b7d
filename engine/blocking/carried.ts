/** Who waits for something: a promise would cost more than all that a request's script does. */
export interface Waiter<T = unknown> {
  onValue(value: T): void;
  onError(error: unknown): void;
}

/**
 * Something that a script waits for without letting any of its own code run meanwhile: an answer, or the end of a
 * sleep. It is begun by whoever can wait for it, and by nobody else.
 */
export interface Wait {
  /** The waiter hears of its end once, and never before this returns. */
  begin(waiter: Waiter): void;
}

/** Waits for a promise, which `make` makes once somebody waits. */
export const waitForPromise = (make: () => Promise<unknown>): Wait => ({
  begin(waiter) {
    make().then(
      (value) => waiter.onValue(value),
      (error: unknown) => waiter.onError(error),
    );
  },
});

/** An `await` of an async function of a script. */
export class Await {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A function's body, run in steps: between two of them its VU waits. Mostly a generator. */
export interface Steps<T = unknown> {
  next(value?: unknown): IteratorResult<Wait | Await, T>;
  throw(error: unknown): IteratorResult<Wait | Await, T>;
  [Symbol.iterator](): Iterator<Wait | Await, T, unknown>;
}

/** Steps that wait for one thing and end with it: a generator for that would be half of what a request's script costs. */
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

/** How a function is run in steps. */
export interface Carried {
  readonly begin: (self: unknown, args: unknown[]) => Steps;
  /** Declared `async`: a call gives a promise. */
  readonly isAsync: boolean;
}

/** What can be called: of scripts, of the engine, or of the language. */
// biome-ignore lint/complexity/noBannedTypes: scripts hand over any function there is
export type AnyFunction = Function;

class Identity {
  constructor(action: object) {
    // biome-ignore lint/correctness/noConstructorReturn: what is returned becomes `this` of the class that extends this one
    return action;
  }
}

/**
 * Notes on functions, in a private field of theirs: out of a script's sight, and, other than those of a WeakMap, free to the
 * garbage collector, whom scripts that make functions in each iteration keep busy.
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

/** Notes how a function is run in steps. */
export function carry<T extends AnyFunction>(action: T, carried: Carried): T {
  Note.write(action, carried);
  return action;
}

/** undefined where a function can't wait: it is the language's, or the script's own but in a place that can't. */
export const carriedBy = (action: unknown): Carried | undefined => Note.read(action);

/** Calls a function in steps where it has them, and at once where it has none. */
export function* callInSteps(action: unknown, self: unknown, args: unknown[]): Steps {
  const carried = carriedBy(action);
  return carried ? yield* carried.begin(self, args) : Reflect.apply(action as AnyFunction, self, args);
}
