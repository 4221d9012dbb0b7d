import { beginAsync } from './async-steps.ts';
import { inSteps } from './callbacks.ts';
import { type AnyFunction, Await, type Carried, carriedBy, carry, type Steps } from './carried.ts';
import type { Jobs } from './jobs.ts';
import { adopt } from './promise.ts';

/** The body of a rewritten function, as a generator function. */
type Body = (...args: unknown[]) => Steps;
/** Which of a function's properties its syntax decides: only some can be called with `new`. */
type Kind = 'function' | 'method' | 'async';

/** Signals to a rewritten call that the callee runs in steps. `take()` returns the steps. */
const PENDING = Symbol('pending');

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

/** The functions that rewritten code calls (see `rewrite.ts`). Each VU has its own runtime. */
export type Runtime = ReturnType<typeof createRuntime>;

/**
 * Creates a VU's runtime for rewritten code.
 *
 * @param limit Checked on every loop iteration and function call of the script. Throws if the script has to end.
 */
export function createRuntime(jobs: Jobs, limit: { readonly isOver: boolean; check(): void }) {
  let pending: Steps | null = null;
  const goOn = (steps: Steps): typeof PENDING => {
    pending = steps;
    return PENDING;
  };

  /** @param self Returns the `this` value captured by an arrow function. */
  function carriedOf(body: Body, kind: Kind, self?: () => unknown): Carried {
    const start = (given: unknown, args: unknown[]) => Reflect.apply(body, self ? self() : given, args) as Steps;
    const begin: Carried['begin'] = kind === 'async' ? (...given) => beginAsync(() => start(...given)) : start;
    return kind === 'function' ? { begin, construct: constructInSteps } : { begin };
  }

  /** Creates a function that native code can call, too. */
  function make(body: Body, kind: Kind, length: number, name: PropertyKey, self?: () => unknown): AnyFunction {
    const carried = carriedOf(body, kind, self);
    const stub = stubOf(kind, (given, args) => jobs.call(() => carried.begin(given, args)));
    Object.defineProperty(stub, 'name', { value: nameOf(name), configurable: true });
    if (length > 0) Object.defineProperty(stub, 'length', { value: length, configurable: true });
    return carry(stub, carried);
  }

  function call(action: unknown, self: unknown, ...args: unknown[]): unknown {
    if (limit.isOver) limit.check();
    const steps = carriedBy(action)?.begin(self, args) ?? inSteps(action, self, args);
    if (steps) return goOn(steps);
    if (typeof action !== 'function') throw new TypeError(`${describe(action)} is not a function`);
    const result = Reflect.apply(action, self, args) as unknown;
    return result instanceof Promise ? adopt(result) : result;
  }

  function method(owner: unknown, action: unknown, key: PropertyKey, ...args: unknown[]): unknown {
    if (typeof action !== 'function') throw new TypeError(`Object has no member '${String(key)}'`);
    return call(action, owner, ...args);
  }

  function construct(action: unknown, ...args: unknown[]): unknown {
    if (limit.isOver) limit.check();
    const steps = carriedBy(action)?.construct?.(args, action as AnyFunction);
    return steps ? goOn(steps) : Reflect.construct(action as AnyFunction, args);
  }

  function take(): Steps {
    const steps = pending as Steps;
    pending = null;
    return steps;
  }

  const atOnce =
    <T extends unknown[]>(action: (...given: T) => unknown) =>
    (...given: T): unknown =>
      jobs.without(() => {
        const result = action(...given);
        return result === PENDING ? jobs.runAtOnce(take()) : result;
      });

  return {
    pending: PENDING,
    take,
    call,
    method,
    construct,
    callAtOnce: atOnce(call),
    methodAtOnce: atOnce(method),
    constructAtOnce: atOnce(construct),
    await: (value: unknown) => new Await(value),
    make,
    /** Runs the body of a function declaration that native code calls. */
    enter: (body: Body, self: unknown, args: ArrayLike<unknown>) =>
      jobs.call(() => Reflect.apply(body, self, args) as Steps),
    /** Links a function declaration to its body. */
    define(stub: AnyFunction, body: Body, name?: string): void {
      if (name !== undefined) Object.defineProperty(stub, 'name', { value: name, configurable: true });
      carry(stub, carriedOf(body, 'function'));
    },
    /** Creates a function that can refer to itself by name. */
    makeNamed(bodyOf: (self: AnyFunction) => Body, kind: Kind, length: number, name: string): AnyFunction {
      const stub: AnyFunction = make(
        function (this: unknown, ...args) {
          return Reflect.apply(body, this, args);
        },
        kind,
        length,
        name,
      );
      const body = bodyOf(stub);
      return carry(stub, carriedOf(body, kind));
    },
    /** Replaces the generator methods of a class with functions. */
    methods(owner: AnyFunction, all: readonly (readonly [key: PropertyKey, isStatic: boolean, kind: Kind])[]): void {
      for (const [key, isStatic, kind] of all) {
        const holder = isStatic ? owner : (owner.prototype as object);
        const descriptor = Object.getOwnPropertyDescriptor(holder, key) as PropertyDescriptor;
        const body: unknown = descriptor.value;
        // Another member may have the same name.
        if (typeof body !== 'function' || carriedBy(body)) continue;
        Object.defineProperty(holder, key, {
          ...descriptor,
          value: make(body as Body, kind, body.length, key),
        });
      }
    },
    /** Returns the function for a private method, which is a generator method in the rewritten class. */
    private(body: unknown, kind: Kind, name: string): unknown {
      if (typeof body !== 'function') return body;
      const known = privates.get(body);
      if (known) return known;
      const made = make(body as Body, kind, body.length, name);
      privates.set(body, made);
      return made;
    },
    /** Converts the name of a computed method, once. */
    key: (value: unknown): PropertyKey => (typeof value === 'symbol' ? value : String(value)),
    /** Returns the arguments of a tagged template's function. */
    template: (...given: unknown[]) => given,
    tick: () => limit.check(),
    /** Rejects `import()` with k6's own message, since k6 doesn't support it. */
    refuseImport: (_: unknown): Promise<never> => Promise.reject('dynamic modules not enabled in the host program'),
  };
}

/** The functions for private methods, by the generator methods. */
const privates = new WeakMap<AnyFunction, AnyFunction>();

const nameOf = (key: PropertyKey): string => (typeof key === 'symbol' ? `[${key.description ?? ''}]` : String(key));

function stubOf(kind: Kind, run: (self: unknown, args: unknown[]) => unknown): AnyFunction {
  if (kind === 'function') {
    return function (this: unknown, ...args: unknown[]): unknown {
      return run(this, args);
    };
  }
  const { stub } = {
    stub(this: unknown, ...args: unknown[]): unknown {
      return run(this, args);
    },
  };
  return kind === 'async' ? Object.setPrototypeOf(stub, AsyncFunction.prototype) : stub;
}

const describe = (value: unknown): string =>
  value === null || typeof value !== 'object' ? String(value) : 'an object';

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Runs a function that was called with `new` in steps. */
function* constructInSteps(this: Carried, args: unknown[], newTarget: AnyFunction): Steps {
  const { prototype } = newTarget as { prototype: unknown };
  const self: object = Object.create(isObject(prototype) ? prototype : Object.prototype);
  const result = yield* this.begin(self, args);
  return isObject(result) ? result : self;
}
