import { beginAsync } from './async-steps.ts';
import { inSteps } from './callbacks.ts';
import { type AnyFunction, Await, carriedBy, carry, type Steps } from './carried.ts';
import { type Jobs, toPromise } from './jobs.ts';

/** What stands for a function of a script that was rewritten: its body as a generator function. */
type Body = (...args: unknown[]) => Steps;

/** Tells a rewritten call that its result takes steps, to be had from `take()`. */
const PENDING = Symbol('pending');

/** What rewritten code calls: see `rewrite.ts`. One for each VU. */
export type Runtime = ReturnType<typeof createRuntime>;

/**
 * Makes a VU's runtime for rewritten code.
 *
 * @param tick Called at each turn of each loop of the script; it throws where the loop is to end.
 */
export function createRuntime(jobs: Jobs, tick: () => void) {
  let pending: Steps | null = null;

  /** A function that can be called by anybody, and whose body runs in steps. */
  function define(stub: AnyFunction, body: Body, isAsync: boolean, self?: { readonly is: unknown }): AnyFunction {
    return carry(stub, {
      isAsync,
      begin: (given, args) => {
        const steps = Reflect.apply(body, self ? self.is : given, args) as Steps;
        return isAsync ? beginAsync(jobs, steps) : steps;
      },
    });
  }

  /** What a call by anybody comes to: a job of its own, or a part of the code that calls it. */
  function enter(stub: AnyFunction, self: unknown, args: ArrayLike<unknown>): unknown {
    const steps = carriedBy(stub)?.begin(self, Array.from(args)) as Steps;
    return jobs.isRunning ? jobs.runAtOnce(steps) : toPromise(jobs.begin(steps));
  }

  function make(body: Body, isAsync: boolean, length: number, name: string, self?: { readonly is: unknown }) {
    const stub = function (this: unknown, ...args: unknown[]): unknown {
      return enter(stub, this, args);
    };
    Object.defineProperty(stub, 'name', { value: name, configurable: true });
    if (length > 0) Object.defineProperty(stub, 'length', { value: length, configurable: true });
    return define(stub, body, isAsync, self);
  }

  function call(action: unknown, self: unknown, ...args: unknown[]): unknown {
    const steps = carriedBy(action)?.begin(self, args) ?? inSteps(action, self, args);
    if (steps) {
      pending = steps;
      return PENDING;
    }
    if (typeof action !== 'function') throw new TypeError(`${describe(action)} is not a function`);
    return jobs.isRunning ? Reflect.apply(action, self, args) : jobs.without(() => Reflect.apply(action, self, args));
  }

  function method(owner: unknown, key: PropertyKey, ...args: unknown[]): unknown {
    const action = (owner as Record<PropertyKey, unknown>)[key];
    if (typeof action !== 'function') throw new TypeError(`Object has no member '${String(key)}'`);
    return call(action, owner, ...args);
  }

  function take(): Steps {
    const steps = pending as Steps;
    pending = null;
    return steps;
  }

  const atOnce = (result: unknown): unknown => (result === PENDING ? jobs.runAtOnce(take()) : result);

  return {
    pending: PENDING,
    take,
    /** For code that runs natively async: the steps as a job of their own. */
    job: (): unknown => toPromise(jobs.begin(take())),
    jobOf: (steps: Steps): unknown => toPromise(jobs.begin(steps)),
    call,
    method,
    callAtOnce: (action: unknown, self: unknown, ...args: unknown[]) =>
      jobs.without(() => atOnce(call(action, self, ...args))),
    methodAtOnce: (owner: unknown, key: PropertyKey, ...args: unknown[]) =>
      jobs.without(() => atOnce(method(owner, key, ...args))),
    /** A step of a private method, where nothing can wait. */
    runAtOnce: (steps: Steps) => jobs.runAtOnce(steps),
    await: (value: unknown) => new Await(value),
    asyncSteps: (steps: Steps) => beginAsync(jobs, steps),
    enter,
    define,
    make,
    /** A function that refers to itself by name. */
    makeNamed: (bodyOf: (self: AnyFunction) => Body, isAsync: boolean, length: number, name: string) => {
      const stub = make((...args) => body.apply(undefined, args), isAsync, length, name);
      const body = bodyOf(stub);
      return define(stub, body, isAsync);
    },
    /** Puts functions in the place of a class's generator methods. */
    methods: (owner: AnyFunction, names: readonly (readonly [name: string, isStatic: boolean, isAsync: boolean])[]) => {
      for (const [name, isStatic, isAsync] of names) {
        const holder = isStatic ? owner : (owner.prototype as object);
        const descriptor = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor;
        const body = descriptor.value as Body;
        Object.defineProperty(holder, name, { ...descriptor, value: make(body, isAsync, body.length, name) });
      }
    },
    tick,
  };
}

const describe = (value: unknown): string =>
  value === null || typeof value !== 'object' ? String(value) : 'an object';
