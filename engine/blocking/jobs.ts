import type { AnyFunction, Steps } from './carried.ts';
import { carriedBy, type Wait } from './carried.ts';

/** A job that waits: what it ends with comes later. */
export class Suspended {
  #end: ((outcome: { value: unknown } | { error: unknown }) => void) | null = null;

  /** One listener only: it hears of the end, which is never before this is called. */
  onEnd(listener: (outcome: { value: unknown } | { error: unknown }) => void): void {
    this.#end = listener;
  }

  end(outcome: { value: unknown } | { error: unknown }): void {
    this.#end?.(outcome);
  }
}

/**
 * The jobs of one VU: its function, and whatever a timer or a settled promise calls. One runs at a time, and while
 * one waits, none of the others does: they come after it, in order, as in k6.
 */
export class Jobs {
  readonly #refuse: () => never;
  readonly #hold: () => () => void;
  #depth = 0;
  #waiting = false;
  /** What settled promises go on with: before anything else. */
  #queue: (() => void)[] = [];
  /** What timers and answers call: one by one, each once no promise has anything left to go on with. */
  #later: (() => void)[] = [];
  /** Jobs of an earlier function that was ended are forgotten. */
  #epoch = 0;

  /**
   * @param refuse Ends the test: something waits where nothing can. Throws.
   * @param hold Keeps the VU's function from ending until the returned function is called.
   */
  constructor(refuse: () => never, hold: () => () => void) {
    this.#refuse = refuse;
    this.#hold = hold;
  }

  /** Whether code of the VU is on the stack, so that whatever is called now can't wait. */
  get isRunning(): boolean {
    return this.#depth > 0;
  }

  /** Runs something during which nothing can wait. */
  without<T>(action: () => T): T {
    this.#depth += 1;
    try {
      return action();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Calls a function as a job: what it returns, or throws, or a Suspended where it waits. */
  call(action: AnyFunction, self: unknown, args: unknown[]): unknown {
    const carried = carriedBy(action);
    if (carried) return this.begin(carried.begin(self, args));
    return this.#waiting
      ? this.#postpone(this.#queue, () => Reflect.apply(action, self, args))
      : Reflect.apply(action, self, args);
  }

  /** As `call`, for what a timer or another event calls. */
  callLater(action: AnyFunction, args: unknown[]): unknown {
    if (!this.#waiting && this.#later.length === 0) return this.call(action, undefined, args);
    return this.#postpone(this.#later, () => this.call(action, undefined, args));
  }

  /** Begins a job: what it returns, or throws, or a Suspended where it waits. */
  begin(steps: Steps): unknown {
    if (this.#waiting) return this.#postpone(this.#queue, () => this.#step(steps, 'next', undefined));
    return this.#step(steps, 'next', undefined);
  }

  /** Runs steps in the midst of other code: nothing of them can wait. */
  runAtOnce(steps: Steps): unknown {
    const step = this.without(() => steps.next());
    return step.done ? step.value : this.#refuse();
  }

  /** Calls back once no job waits: at once where that is so. */
  whenFree(callback: () => void): void {
    if (this.#waiting || this.#later.length > 0) this.#later.push(callback);
    else callback();
  }

  /** Forgets what waits, and what comes after it. */
  reset(): void {
    this.#epoch += 1;
    this.#waiting = false;
    this.#queue = [];
    this.#later = [];
  }

  #postpone(queue: (() => void)[], action: () => unknown): Suspended {
    const suspended = new Suspended();
    queue.push(() => settle(suspended, action));
    return suspended;
  }

  #step(steps: Steps, by: 'next' | 'throw', value: unknown): unknown {
    const step = this.without(() => (by === 'next' ? steps.next(value) : steps.throw(value)));
    if (step.done) return step.value;
    // Only async functions await, and they deal with that themselves.
    const wait = step.value as Wait;
    const suspended = new Suspended();
    const epoch = this.#epoch;
    this.#waiting = true;
    const resume = (how: 'next' | 'throw', result: unknown) => {
      if (epoch !== this.#epoch) return;
      this.#waiting = false;
      settle(suspended, () => this.#step(steps, how, result));
      this.#drain();
    };
    wait.begin({ onValue: (value) => resume('next', value), onError: (error) => resume('throw', error) });
    return suspended;
  }

  #drain(): void {
    while (!this.#waiting) {
      const next = this.#queue.shift();
      if (!next) break;
      next();
    }
    if (this.#waiting || this.#later.length === 0) return;
    const epoch = this.#epoch;
    const release = this.#hold();
    // Microtasks all run before an immediate.
    setImmediate(() => {
      release();
      if (epoch !== this.#epoch || this.#waiting) return;
      this.#later.shift()?.();
      this.#drain();
    });
  }
}

/** Ends a suspended job with what an action gives, now or later. */
function settle(suspended: Suspended, action: () => unknown): void {
  let value: unknown;
  try {
    value = action();
  } catch (error) {
    suspended.end({ error });
    return;
  }
  if (value instanceof Suspended) value.onEnd((outcome) => suspended.end(outcome));
  else suspended.end({ value });
}

/** A promise of what a job ends with, where it waits. */
export function toPromise(result: unknown): unknown {
  if (!(result instanceof Suspended)) return result;
  return new Promise((resolve, reject) => {
    result.onEnd((outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value)));
  });
}
