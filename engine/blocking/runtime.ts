import { beginAsync } from './async-steps.ts';
import { inSteps } from './callbacks.ts';
import { type AnyFunction, Await, carriedBy, carry, type Steps } from './carried.ts';
import { type Jobs, toPromise } from './jobs.ts';

/** The body of a rewritten function, as a generator function. */
type Body = (...args: unknown[]) => Steps;

/** Signals to a rewritten call that the callee runs in steps. `take()` returns the steps. */
const PENDING = Symbol('pending');

/** The functions that rewritten code calls (see `rewrite.ts`). Each VU has its own runtime. */
export type Runtime = ReturnType<typeof createRuntime>;

/**
 * Creates a VU's runtime for rewritten code.
 *
 * @param tick Called on every loop iteration in the script. Throws if the loop has to end.
 */
export function createRuntime(jobs: Jobs, tick: () => void) {
  let pending: Steps | null = null;

  /**
   * Starts a function body.
   *
   * @param self Returns the `this` value captured by an arrow function.
   */
  function begin(body: Body, isAsync: boolean, given: unknown, args: ArrayLike<unknown>, self?: () => unknown): Steps {
    const steps = Reflect.apply(body, self ? self() : given, args) as Steps;
    return isAsync ? beginAsync(jobs, steps) : steps;
  }

  /** Links a function to the body that runs when the function is called in steps. */
  function define(stub: AnyFunction, body: Body, isAsync: boolean, name?: string): AnyFunction {
    if (name !== undefined) Object.defineProperty(stub, 'name', { value: name, configurable: true });
    return carry(stub, { isAsync, begin: (given, args) => begin(body, isAsync, given, args) });
  }

  /** Handles a call from code that was not rewritten: starts a new job, or runs as part of the current code. */
  const run = (steps: Steps): unknown => (jobs.isRunning ? jobs.runAtOnce(steps) : toPromise(jobs.begin(steps)));

  function make(body: Body, isAsync: boolean, length: number, name: string, self?: () => unknown) {
    const stub = function (this: unknown, ...args: unknown[]): unknown {
      return run(begin(body, isAsync, this, args, self));
    };
    Object.defineProperty(stub, 'name', { value: name, configurable: true });
    if (length > 0) Object.defineProperty(stub, 'length', { value: length, configurable: true });
    return carry(stub, { isAsync, begin: (given, args) => begin(body, isAsync, given, args, self) });
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

  function method(owner: unknown, action: unknown, key: PropertyKey, ...args: unknown[]): unknown {
    if (typeof action !== 'function') throw new TypeError(`Object has no member '${String(key)}'`);
    return call(action, owner, ...args);
  }

  /** Evaluates a computed key before calling the method, and only once. */
  const methodAt = (owner: unknown, key: PropertyKey, ...args: unknown[]): unknown =>
    method(owner, (owner as Record<PropertyKey, unknown>)[key], key, ...args);

  function take(): Steps {
    const steps = pending as Steps;
    pending = null;
    return steps;
  }

  const atOnce = (result: unknown): unknown => (result === PENDING ? jobs.runAtOnce(take()) : result);

  return {
    pending: PENDING,
    take,
    /** Runs the steps as a separate job, for code that runs as native async. */
    job: (): unknown => toPromise(jobs.begin(take())),
    jobOf: (steps: Steps): unknown => toPromise(jobs.begin(steps)),
    call,
    method,
    methodAt,
    callAtOnce: (...given: Parameters<typeof call>) => jobs.without(() => atOnce(call(...given))),
    methodAtOnce: (...given: Parameters<typeof method>) => jobs.without(() => atOnce(method(...given))),
    methodAtAtOnce: (...given: Parameters<typeof methodAt>) => jobs.without(() => atOnce(methodAt(...given))),
    /** Runs one step of a private method in a place that can't block. */
    runAtOnce: (steps: Steps) => jobs.runAtOnce(steps),
    await: (value: unknown) => new Await(value),
    asyncSteps: (steps: Steps) => beginAsync(jobs, steps),
    enter: (body: Body, isAsync: boolean, self: unknown, args: ArrayLike<unknown>) =>
      run(begin(body, isAsync, self, args)),
    define,
    make,
    /** Creates a function that can refer to itself by name. */
    makeNamed: (bodyOf: (self: AnyFunction) => Body, isAsync: boolean, length: number, name: string) => {
      const stub: AnyFunction = make(
        function (this: unknown, ...args) {
          return Reflect.apply(body, this, args);
        },
        isAsync,
        length,
        name,
      );
      const body = bodyOf(stub);
      return define(stub, body, isAsync);
    },
    /** Replaces the generator methods of a class with functions. */
    methods: (owner: AnyFunction, names: readonly (readonly [name: string, isStatic: boolean, isAsync: boolean])[]) => {
      for (const [name, isStatic, isAsync] of names) {
        const holder = isStatic ? owner : (owner.prototype as object);
        const descriptor = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor;
        const body = descriptor.value as Body;
        Object.defineProperty(holder, name, { ...descriptor, value: make(body, isAsync, body.length, name) });
      }
    },
    tick,
    /** Rejects `import()` with k6's own message, since k6 doesn't support it. */
    refuseImport: (_: unknown): Promise<never> => Promise.reject('dynamic modules not enabled in the host program'),
  };
}

const describe = (value: unknown): string =>
  value === null || typeof value !== 'object' ? String(value) : 'an object';
