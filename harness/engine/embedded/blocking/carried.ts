/**
 * Something that a script waits for without letting any of its own code run meanwhile: an answer, or the end of a
 * sleep. It is begun by whoever can wait for it, and by nobody else.
 */
export class Wait {
  /** Calls one of both, once, and never before it returns: a promise would cost more than all that a request's script does. */
  readonly begin: (onValue: Settle, onError: Settle) => void;

  constructor(begin: (onValue: Settle, onError: Settle) => void) {
    this.begin = begin;
  }

  /** Waits for a promise, which `promise` makes once somebody waits. */
  static for(promise: () => Promise<unknown>): Wait {
    return new Wait((onValue, onError) => {
      promise().then(onValue, onError);
    });
  }
}

type Settle = (result: unknown) => void;

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
