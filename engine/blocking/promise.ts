import { type AnyFunction, callInSteps, carry, NoSteps, type Steps } from './carried.ts';
import type { Jobs } from './jobs.ts';

/** Begins the job that handles a settled promise. */
type Begin = (value: unknown) => Steps;
type Settle = (value?: unknown) => void;

interface Capability {
  readonly promise: ScriptPromise;
  readonly resolve: Settle;
  readonly reject: Settle;
}

interface Reaction {
  readonly onValue: Begin;
  readonly onError: Begin;
  /** The promise that the reaction settles. */
  readonly result: Capability | null;
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

let jobsOfRunning: () => Jobs;

/** Sets the function that returns the jobs of the running VU. */
export function findJobsBy(find: () => Jobs): void {
  jobsOfRunning = find;
}

/** Creates a promise and the functions that settle it. */
export let newCapability: () => Capability;

/** Begins a job when a promise is settled, or at once for any other value. Implements `await`. */
export let onSettled: (value: unknown, onValue: Begin, onError: Begin) => void;

/** Returns the value of a fulfilled promise, undefined for another promise, and anything else as it is. */
export let settledValue: (value: unknown) => unknown;

let isPromise: (value: unknown) => value is ScriptPromise;

/** Instead of an executor: the promise is settled by the engine. */
const NO_EXECUTOR = (): void => {};

/**
 * The `Promise` of rewritten scripts. It follows the standard, but its jobs belong to the VU (`jobs.ts`): they run after
 * the code that is running has ended, also if that code waits, and they can wait themselves. Jobs of native promises
 * would run while the VU waits.
 */
export class ScriptPromise {
  readonly #jobs = jobsOfRunning();
  #state: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  #value: unknown;
  #reactions: Reaction[] = [];
  #isHandled = false;

  constructor(executor: unknown) {
    if (typeof executor !== 'function') throw new TypeError(`Promise resolver ${typeof executor} is not a function`);
    if (new.target !== ScriptPromise) throw new TypeError('Promise can not be extended in the embedded engine');
    if (executor === NO_EXECUTOR) return;
    const { resolve, reject } = this.#settlers();
    try {
      executor(resolve, reject);
    } catch (error) {
      reject(error);
    }
  }

  static {
    newCapability = () => {
      const promise = new ScriptPromise(NO_EXECUTOR);
      return { promise, ...promise.#settlers() };
    };
    onSettled = (value, onValue, onError) => {
      resolved(value).#react({ onValue, onError, result: null });
    };
    isPromise = (value): value is ScriptPromise => isObject(value) && #state in value;
    settledValue = (value) => {
      if (!isPromise(value)) return value;
      return value.#state === 'fulfilled' ? value.#value : undefined;
    };
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then(onValue?: unknown, onError?: unknown): unknown {
    if (!isPromise(this)) throw new TypeError('Method Promise.prototype.then called on incompatible receiver');
    const result = newCapability();
    this.#react({ onValue: handlerOf(onValue, pass), onError: handlerOf(onError, raise), result });
    return result.promise;
  }

  #react(reaction: Reaction): void {
    if (this.#state === 'pending') this.#reactions.push(reaction);
    else {
      if (this.#state === 'rejected' && !this.#isHandled) this.#jobs.forgetRejection(this);
      this.#enqueue(reaction);
    }
    this.#isHandled = true;
  }

  #enqueue({ onValue, onError, result }: Reaction): void {
    this.#jobs.enqueue(react(this.#state === 'fulfilled' ? onValue : onError, this.#value, result));
  }

  #settle(state: 'fulfilled' | 'rejected', value: unknown): void {
    this.#state = state;
    this.#value = value;
    if (state === 'rejected' && !this.#isHandled) this.#jobs.noteRejection(this, value);
    for (const reaction of this.#reactions) this.#enqueue(reaction);
    this.#reactions = [];
  }

  /** Returns the functions that settle this promise. Only the first call of one of them has an effect. */
  #settlers(): { resolve: Settle; reject: Settle } {
    let isSettled = false;
    const once = (settle: Settle): Settle => {
      return (value) => {
        if (isSettled) return;
        isSettled = true;
        settle(value);
      };
    };
    return { resolve: once((value) => this.#resolve(value)), reject: once((error) => this.#settle('rejected', error)) };
  }

  #resolve(value: unknown): void {
    try {
      if (value === this) throw new TypeError('Promise self-resolution');
      const then = isObject(value) ? (value as { then?: unknown }).then : undefined;
      if (typeof then === 'function') this.#jobs.enqueue(follow(then, value, this.#settlers()));
      else this.#settle('fulfilled', value);
    } catch (error) {
      this.#settle('rejected', error);
    }
  }
}

function* react(begin: Begin, value: unknown, result: Capability | null): Steps<void> {
  let given: unknown;
  try {
    given = yield* begin(value);
  } catch (error) {
    result?.reject(error);
    return;
  }
  result?.resolve(given);
}

/** Calls the `then` of an object with which a promise was resolved. */
function* follow(then: AnyFunction, value: unknown, { resolve, reject }: Omit<Capability, 'promise'>): Steps<void> {
  try {
    yield* callInSteps(then, value, [resolve, reject]);
  } catch (error) {
    reject(error);
  }
}

const pass: Begin = (value) => new NoSteps(value);
const raise: Begin = (error) => {
  throw error;
};
const handlerOf = (handler: unknown, otherwise: Begin): Begin =>
  typeof handler === 'function' ? (value) => callInSteps(handler, undefined, [value]) : otherwise;

/** Implements `Promise.resolve()`. */
function resolved(value: unknown): ScriptPromise {
  if (isPromise(value)) return value;
  const { promise, resolve } = newCapability();
  resolve(value);
  return promise;
}

/** What a combinator does with each promise, and with the list of results once all of them are known. */
interface Combinator {
  /** Returns the element of the list for a value, or null if a value settles the result at once. */
  readonly ofValue: ((value: unknown) => unknown) | null;
  readonly ofError: ((error: unknown) => unknown) | null;
  finish(result: Capability, list: unknown[]): void;
}

const COMBINATORS: Readonly<Record<string, Combinator>> = {
  all: { ofValue: (value) => value, ofError: null, finish: ({ resolve }, list) => resolve(list) },
  allSettled: {
    ofValue: (value) => ({ status: 'fulfilled', value }),
    ofError: (reason) => ({ status: 'rejected', reason }),
    finish: ({ resolve }, list) => resolve(list),
  },
  any: {
    ofValue: null,
    ofError: (error) => error,
    finish: ({ reject }, list) => reject(new AggregateError(list, 'All promises were rejected')),
  },
  race: { ofValue: null, ofError: null, finish: () => {} },
};

function combine(promises: unknown, { ofValue, ofError, finish }: Combinator): ScriptPromise {
  const result = newCapability();
  const list: unknown[] = [];
  let left = 1;
  const end = (): void => {
    left -= 1;
    if (left === 0) finish(result, list);
  };
  try {
    for (const item of promises as Iterable<unknown>) {
      const index = list.push(undefined) - 1;
      const put = (element: ((value: unknown) => unknown) | null, otherwise: Settle): Begin => {
        return (value) => {
          if (!element) return new NoSteps(otherwise(value));
          list[index] = element(value);
          return new NoSteps(end());
        };
      };
      left += 1;
      onSettled(item, put(ofValue, result.resolve), put(ofError, result.reject));
    }
    end();
  } catch (error) {
    result.reject(error);
  }
  return result.promise;
}

/** Waits for the result of `finally()`'s handler. Then the promise is settled as the original one. */
function afterwards(handler: AnyFunction, settle: (value: unknown) => () => unknown): AnyFunction {
  const begin = function* (_: unknown, [value]: unknown[]): Steps {
    return resolved(yield* callInSteps(handler, undefined, [])).then(settle(value));
  };
  return carry(() => {}, { begin });
}

const methods = {
  catch(this: ScriptPromise, onError?: unknown): unknown {
    return this.then(undefined, onError);
  },
  finally(this: ScriptPromise, handler?: unknown): unknown {
    if (typeof handler !== 'function') return this.then(handler, handler);
    const onError = (error: unknown) => () => {
      throw error;
    };
    return this.then(
      afterwards(handler, (value) => () => value),
      afterwards(handler, onError),
    );
  },
};

const statics = {
  resolve: (value?: unknown): ScriptPromise => resolved(value),
  reject(error?: unknown): ScriptPromise {
    const { promise, reject } = newCapability();
    reject(error);
    return promise;
  },
  ...Object.fromEntries(
    Object.entries(COMBINATORS).map(([name, combinator]) => [
      name,
      (promises: unknown): ScriptPromise => combine(promises, combinator),
    ]),
  ),
};

const hidden = (value: unknown): PropertyDescriptor => ({ value, writable: true, configurable: true });
for (const [owner, own] of [
  [ScriptPromise.prototype, methods],
  [ScriptPromise, statics],
] as const) {
  for (const [name, value] of Object.entries(own)) Object.defineProperty(owner, name, hidden(value));
}
Object.defineProperty(ScriptPromise, 'name', { value: 'Promise', configurable: true });
Object.defineProperty(ScriptPromise.prototype, Symbol.toStringTag, { value: 'Promise', configurable: true });
carry(ScriptPromise, {
  begin: (self, args) => new NoSteps(Reflect.apply(ScriptPromise, self, args)),
  *construct([executor], newTarget) {
    if (newTarget !== ScriptPromise || typeof executor !== 'function') {
      return Reflect.construct(ScriptPromise, [executor], newTarget);
    }
    const { promise, resolve, reject } = newCapability();
    try {
      yield* callInSteps(executor, undefined, [resolve, reject]);
    } catch (error) {
      reject(error);
    }
    return promise;
  },
});

/** Returns a promise of the script for a native one, such as the result of an engine function. */
export function adopt(native: Promise<unknown>): ScriptPromise {
  const { promise, resolve, reject } = newCapability();
  const jobs = jobsOfRunning();
  const settleBy = (settle: Settle) => (value: unknown) => jobs.runNative(() => settle(value));
  native.then(settleBy(resolve), settleBy(reject));
  return promise;
}
