import { NoSteps, type Steps, type Wait, type Waiter } from './carried.ts';

/** Begins the code of a task. */
type Begin = () => Steps;

const NOTHING: Steps = new NoSteps(undefined);
const IGNORED: Waiter = { onValue: () => {}, onError: () => {} };
const WHILE_EVALUATING: Waiter = { ...IGNORED };

/** The VU function or the callback of a timer or event, and then the jobs of settled promises. */
class Task implements Waiter {
  readonly #jobs: Jobs;
  readonly waiter: Waiter;
  readonly #begin: Begin;
  #steps: Steps | null = null;
  #isEnded = false;
  #isFailed = false;
  #result: unknown;

  constructor(jobs: Jobs, begin: Begin, waiter: Waiter) {
    this.#jobs = jobs;
    this.#begin = begin;
    this.waiter = waiter;
  }

  onValue(value: unknown): void {
    this.#jobs.advance(this, 'next', value);
  }

  onError(error: unknown): void {
    this.#jobs.advance(this, 'throw', error);
  }

  /** Runs the task up to its next wait, and returns that, or undefined if the task has ended. */
  advance(by: 'next' | 'throw', value: unknown): Wait | undefined {
    try {
      this.#steps ??= this.#begin();
      const step = this.#steps[by](value);
      // Steps also yield `Await`, but only in async functions, which handle it themselves.
      if (!step.done) return step.value as Wait;
      if (!this.#isEnded) this.#result = step.value;
    } catch (error) {
      // Jobs don't throw.
      this.#isFailed = true;
      this.#result = error;
    }
    this.#isEnded = true;
    for (let job = this.#jobs.nextFor(this); job; job = this.#jobs.nextFor(this)) {
      this.#steps = job;
      const step = job.next();
      if (!step.done) return step.value as Wait;
    }
    return undefined;
  }

  /** Passes on the result of the task's own code. */
  end(): void {
    if (this.#isFailed) this.waiter.onError(this.#result);
    else this.waiter.onValue(this.#result);
  }
}

/**
 * A VU's tasks: the VU function, and the callbacks of timers and events. As in k6, they run one after another, and each
 * one includes the jobs of promises that are settled by then. While one of them waits, nothing else runs.
 */
export class Jobs {
  readonly #refuse: () => never;
  readonly #onUnhandled: (error: unknown) => void;
  readonly #unhandled = new Map<object, unknown>();
  #depth = 0;
  #task: Task | null = null;
  #queue: Steps[] = [];
  #later: (() => void)[] = [];
  #isDraining = false;
  #isExpected = false;

  /**
   * @param refuse Ends the test because of a blocking call in a place that can't block. Always throws.
   * @param onUnhandled Fails the VU function because of a rejected promise.
   */
  constructor(refuse: () => never, onUnhandled: (error: unknown) => void) {
    this.#refuse = refuse;
    this.#onUnhandled = onUnhandled;
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

  /** Runs code as a task, after the tasks before it. The waiter gets the result, possibly before this returns. */
  run(begin: Begin, waiter: Waiter): void {
    this.whenFree(() => {
      const task = new Task(this, begin, waiter);
      this.#task = task;
      this.advance(task, 'next', undefined);
    });
  }

  /** Runs an action of the engine that settles promises as a task. */
  runNative(action: () => void): void {
    this.run(() => {
      action();
      return NOTHING;
    }, IGNORED);
  }

  /** Runs code that native code calls. Returns its result, or a native promise if it waits outside other code. */
  call(begin: Begin): unknown {
    if (this.isRunning) return this.runAtOnce(begin());
    let settle = IGNORED;
    let end = (): unknown =>
      new Promise((onValue, onError) => {
        settle = { onValue, onError };
      });
    this.run(begin, {
      onValue: (value) => {
        end = () => value;
        settle.onValue(value);
      },
      onError: (error) => {
        end = () => {
          throw error;
        };
        settle.onError(error);
      },
    });
    return end();
  }

  /** Runs steps to completion inside other code. None of the steps can block. */
  runAtOnce(steps: Steps): unknown {
    const step = this.without(() => steps.next());
    return step.done ? step.value : this.#refuse();
  }

  /** Adds the job of a settled promise. It runs at the end of the current task. */
  enqueue(job: Steps): void {
    this.#queue.push(job);
    this.#ensureTask();
  }

  /** Returns the next job for a task, unless its run of the VU function has ended. */
  nextFor(task: Task): Steps | undefined {
    return task === this.#task ? this.#queue.shift() : undefined;
  }

  /** Records a rejected promise without a handler. If it still has none after the task, the VU function fails. */
  noteRejection(promise: object, error: unknown): void {
    this.#unhandled.set(promise, error);
    this.#ensureTask();
  }

  forgetRejection(promise: object): void {
    this.#unhandled.delete(promise);
  }

  /** Calls back as soon as no task is running, after the tasks before it, or immediately if there is none. */
  whenFree(callback: () => void): void {
    if (this.#task || this.#later.length > 0) this.#later.push(callback);
    else callback();
  }

  /** Continues a task, unless its run of the VU function has ended. */
  advance(task: Task, by: 'next' | 'throw', value: unknown): void {
    if (task !== this.#task) return;
    const wait = this.without(() => task.advance(by, value));
    if (task !== this.#task) {
      // Its function was ended while it ran.
      if (!this.#task) this.reset();
      return;
    }
    if (wait) {
      wait.begin(task);
      return;
    }
    this.#task = null;
    task.end();
    // A native `await` of a module handles a promise only afterwards.
    if (task.waiter === WHILE_EVALUATING) setImmediate(() => this.#reportUnhandled());
    else this.#reportUnhandled();
    this.#runLater();
  }

  /** Discards the waiting task, and everything that would run after it. */
  reset(): void {
    this.#task = null;
    this.#queue = [];
    this.#later = [];
    this.#unhandled.clear();
  }

  #runLater(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      while (!this.#task && this.#later.length > 0) this.#later.shift()?.();
    } finally {
      this.#isDraining = false;
    }
  }

  /** Makes sure that a task follows, since there is none while modules are evaluated. */
  #ensureTask(): void {
    if (this.#task || this.#isExpected) return;
    this.#isExpected = true;
    queueMicrotask(() => {
      this.#isExpected = false;
      this.run(() => NOTHING, WHILE_EVALUATING);
    });
  }

  #reportUnhandled(): void {
    for (const error of this.#unhandled.values()) {
      this.#unhandled.clear();
      this.#onUnhandled(error);
      return;
    }
  }
}
