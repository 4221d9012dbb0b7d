import { getHeapStatistics } from 'node:v8';
import { EngineError } from '../base/errors.ts';
import type { EventLoop } from './event-loop.ts';
import type { Test } from './test.ts';

/** Check the time only once per 64 loop iterations and function calls. */
const TURNS = 64;

/** How often to look for signals, at the heap, and whether the test has been aborted, in milliseconds. */
const LOOK_INTERVAL = 10;

/** The bytes of V8's heap limit that only young objects can use. Measured on Node 24. */
const YOUNG = 212 * 2 ** 20;

/** The fraction of the remaining heap that a script may fill. Above it, the process would crash without a message. */
const HEAP_SHARE = 0.65;

/**
 * The time and memory limits for a VU's function, which also ends when the test is aborted. Timers enforce the time
 * limit for code that yields the thread. Code that never yields calls `check()` (see `compile/prepare.ts`), which ends it
 * with an exception.
 */
export class TimeLimit {
  readonly #test: Test;
  readonly #loop: EventLoop;
  #at = Number.POSITIVE_INFINITY;
  #reason: Error | null = null;
  #turns = TURNS;
  /** Whether the function must end. */
  isOver = false;
  #lookAgain = 0;
  /** Whether the function runs to its end if the test is aborted, as teardown does. */
  outlastsAbort = false;

  constructor(test: Test, loop: EventLoop) {
    this.#test = test;
    this.#loop = loop;
  }

  /**
   * @param at When to end the function, on the `performance.now()` clock.
   * @param reason The error to throw in a function that is still running at that time, or null to interrupt it.
   */
  set(at: number, reason: Error | null): void {
    this.#at = at;
    this.#reason = reason;
    this.#turns = TURNS;
    this.isOver = false;
  }

  /** Makes every following `check()` throw an error, so that the script can't continue by catching it. */
  end(reason: Error): void {
    this.set(0, reason);
    this.#turns = 0;
    this.isOver = true;
  }

  /** @throws If the function must end. If the script catches the exception, the next call throws again. */
  check(): void {
    this.#turns -= 1;
    if (this.#turns > 0) return;
    const now = performance.now();
    if (now > this.#lookAgain) this.#look(now);
    if (now < this.#at) this.#turns = TURNS;
    else this.#end(this.#reason);
  }

  #look(now: number): void {
    this.#lookAgain = now + LOOK_INTERVAL;
    this.#test.whileBusy(this);
    // Threads share the counts, and get no messages while a script blocks them.
    if (!this.isOver && !this.outlastsAbort && this.#test.counts.get('aborts') > 0) this.set(0, null);
    this.#checkHeap();
  }

  #checkHeap(): void {
    const { used_heap_size: used, external_memory: external, heap_size_limit } = getHeapStatistics();
    const limit = Math.max(heap_size_limit - YOUNG, heap_size_limit / 4);
    if (used + external < limit * HEAP_SHARE) return;
    const error = new EngineError(
      'OUT_OF_MEMORY',
      `test run was aborted because the script fills the memory: ${Math.round((used + external) / 2 ** 20)} MiB of ${Math.round(limit / 2 ** 20)} MiB; NODE_OPTIONS=--max-old-space-size=MIB allows more`,
    );
    this.set(0, error);
    this.#test.state.abort({ message: error.message, exitCode: error.exitCode });
  }

  #end(reason: Error | null): never {
    this.isOver = true;
    if (reason) this.#loop.fail(reason, false);
    else this.#loop.interrupt();
    throw reason ?? new Error('the iteration was interrupted');
  }
}
