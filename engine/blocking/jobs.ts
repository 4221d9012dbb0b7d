import { type AnyFunction, carriedBy, type Steps, type Wait, type Waiter } from './carried.ts';

/** A job that is waiting and will provide its result later. */
export class Suspended {
  #waiter: Waiter | null = null;

  /** Sets the only listener. It is never called before this method returns. */
  onEnd(waiter: Waiter): void {
    this.#waiter = waiter;
  }

  /** Ends the job with the result of an action, which may itself be suspended. */
  settle(action: () => unknown): void {
    let value: unknown;
    try {
      value = action();
    } catch (error) {
      this.#waiter?.onError(error);
      return;
    }
    if (!(value instanceof Suspended)) this.#waiter?.onValue(value);
    else if (this.#waiter) value.onEnd(this.#waiter);
  }
}

/** A job whose steps continue with the result of a wait. */
class WaitingSteps extends Suspended implements Waiter {
  readonly #jobs: Jobs;
  readonly #steps: Steps;
  /** The run of the VU function to which the job belongs. */
  readonly epoch: number;

  constructor(jobs: Jobs, steps: Steps, epoch: number) {
    super();
    this.#jobs = jobs;
    this.#steps = steps;
    this.epoch = epoch;
  }

  onValue(value: unknown): void {
    this.#jobs.resume(this, this.#steps, 'next', value);
  }

  onError(error: unknown): void {
    this.#jobs.resume(this, this.#steps, 'throw', error);
  }
}

/**
 * A VU's jobs: the VU function, and the callbacks of timers and settled promises. Only one job runs at a time. While a
 * job waits, the other jobs wait as well, and then run in order, as in k6.
 */
export class Jobs {
  readonly #refuse: () => never;
  readonly #hold: () => () => void;
  #depth = 0;
  #waiting = false;
  /** Continuations of settled promises. They run before `#later`. */
  #queue: (() => void)[] = [];
  /** Callbacks of timers and responses. Each one runs after all promise continuations. */
  #later: (() => void)[] = [];
  /** Identifies the current run of the VU function. Jobs from an earlier, interrupted run are ignored. */
  #epoch = 0;

  /**
   * @param refuse Ends the test because of a blocking call in a place that can't block. Always throws.
   * @param hold Prevents the VU function from ending until the returned function is called.
   */
  constructor(refuse: () => never, hold: () => () => void) {
    this.#refuse = refuse;
    this.#hold = hold;
  }

  /** Whether the VU's code is on the stack. If so, code called now can't block. */
  get isRunning(): boolean {
    return this.#depth > 0;
  }

  /** Runs an action that isn't allowed to block. */
  without<T>(action: () => T): T {
    this.#depth += 1;
    try {
      return action();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Calls a function as a job. Returns its result, throws its error, or returns a `Suspended` if the job waits. */
  call(action: AnyFunction, self: unknown, args: unknown[]): unknown {
    const carried = carriedBy(action);
    if (carried) return this.begin(carried.begin(self, args));
    return this.#waiting
      ? this.#postpone(this.#queue, () => Reflect.apply(action, self, args))
      : Reflect.apply(action, self, args);
  }

  /** Like `call`, but for callbacks of timers and other events. */
  callLater(action: AnyFunction, args: unknown[]): unknown {
    if (!this.#waiting && this.#later.length === 0) return this.call(action, undefined, args);
    return this.#postpone(this.#later, () => this.call(action, undefined, args));
  }

  /** Starts a job. Returns its result, throws its error, or returns a `Suspended` if the job waits. */
  begin(steps: Steps): unknown {
    if (this.#waiting) return this.#postpone(this.#queue, () => this.#step(steps, 'next', undefined));
    return this.#step(steps, 'next', undefined);
  }

  /** Runs steps to completion inside other code. None of the steps can block. */
  runAtOnce(steps: Steps): unknown {
    const step = this.without(() => steps.next());
    return step.done ? step.value : this.#refuse();
  }

  /** Calls back as soon as no job is waiting, or immediately if none is. */
  whenFree(callback: () => void): void {
    if (this.#waiting || this.#later.length > 0) this.#later.push(callback);
    else callback();
  }

  /**
   * Calls back when the job that waits now has ended, or immediately if none does. In k6, that job would have blocked
   * everything, so the script notices nothing in between.
   */
  afterWaiting(callback: () => void): void {
    if (this.#waiting) this.#later.unshift(callback);
    else callback();
  }

  /** Continues a job whose wait has ended, unless its run of the VU function has ended. */
  resume(job: WaitingSteps, steps: Steps, by: 'next' | 'throw', result: unknown): void {
    if (job.epoch !== this.#epoch) return;
    this.#waiting = false;
    job.settle(() => this.#step(steps, by, result));
    this.#drain();
  }

  /** Discards the waiting job and all queued jobs. */
  reset(): void {
    this.#epoch += 1;
    this.#waiting = false;
    this.#queue = [];
    this.#later = [];
  }

  #postpone(queue: (() => void)[], action: () => unknown): Suspended {
    const suspended = new Suspended();
    queue.push(() => suspended.settle(action));
    return suspended;
  }

  #step(steps: Steps, by: 'next' | 'throw', value: unknown): unknown {
    const step = this.without(() => (by === 'next' ? steps.next(value) : steps.throw(value)));
    if (step.done) return step.value;
    // Steps also yield `Await`, but only in async functions, which handle it themselves.
    const wait = step.value as Wait;
    const job = new WaitingSteps(this, steps, this.#epoch);
    this.#waiting = true;
    wait.begin(job);
    return job;
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
    // An immediate runs after all microtasks.
    setImmediate(() => {
      release();
      if (epoch !== this.#epoch || this.#waiting) return;
      this.#later.shift()?.();
      this.#drain();
    });
  }
}

/** Returns a promise if the result is still pending, otherwise the result itself. */
export function toPromise(result: unknown): unknown {
  if (!(result instanceof Suspended)) return result;
  return new Promise((onValue, onError) => {
    result.onEnd({ onValue, onError });
  });
}
