/** Receives the outcome of a wait. A promise would cost more than the rest of a request's script code. */
export interface Waiter<T = unknown> {
  onValue(value: T): void;
  onError(error: unknown): void;
}

/**
 * Something that a script waits for without running any of its own code, such as a response or the end of a sleep. Only
 * code that is allowed to block may start it.
 */
export interface Wait {
  /** Starts waiting. Calls the waiter exactly once, and never before this method returns. */
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

/** An `await` in one of the script's async functions. */
export class Await {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A function body that runs in steps; the VU waits between steps. Usually a generator. */
export interface Steps<T = unknown> {
  next(value?: unknown): IteratorResult<Wait | Await, T>;
  throw(error: unknown): IteratorResult<Wait | Await, T>;
  [Symbol.iterator](): Iterator<Wait | Await, T, unknown>;
}

/**
 * Steps that consist of exactly one wait and return its result. A generator would account for half of the script's CPU
 * time per request.
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

/** The steps of a function that has already returned. */
export class NoSteps implements Steps {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  next(): IteratorResult<never, unknown> {
    return { done: true, value: this.#value };
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
  /** Runs a function that was called with `new`. Missing if it is no constructor, or one that can't block. */
  readonly construct?: (this: Carried, args: unknown[], newTarget: AnyFunction) => Steps;
}

/** Any callable: a script function, an engine function, or a built-in. */
// biome-ignore lint/complexity/noBannedTypes: scripts may pass any function
export type AnyFunction = Function;

class Identity {
  constructor(action: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the result becomes `this` of the subclass
    return action;
  }
}

/**
 * Attaches data to a function through a private field, which scripts can't see. Unlike a WeakMap, this adds no work for
 * the garbage collector when scripts create functions in every iteration.
 */
class Note extends Identity {
  #carried: Carried;

  constructor(action: AnyFunction, carried: Carried) {
    super(action);
    this.#carried = carried;
  }

  static write<T extends AnyFunction>(action: T, carried: Carried): T {
    if (#carried in action) (action as unknown as Note).#carried = carried;
    else new Note(action, carried);
    return action;
  }

  static read(action: unknown): Carried | undefined {
    return typeof action === 'function' && #carried in action ? (action as Note).#carried : undefined;
  }
}

/** Records how to run a function in steps, and returns the function. */
export const carry = Note.write;

/**
 * Returns how to run a function in steps, or undefined if it can't block, either because it is a built-in or because it
 * is a script function in a place that can't block.
 */
export const carriedBy = Note.read;

/** Begins to run a function in steps if it supports them, otherwise calls it. Use it only after `yield*`. */
export const callInSteps = (action: unknown, self: unknown, args: unknown[]): Steps =>
  carriedBy(action)?.begin(self, args) ?? new NoSteps(Reflect.apply(action as AnyFunction, self, args));
