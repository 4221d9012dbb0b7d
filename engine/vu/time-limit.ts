import { getHeapStatistics } from 'node:v8';
import { EngineError } from '../base/errors.ts';
import type { EventLoop } from './event-loop.ts';
import type { TestState } from './test-state.ts';

/** The time is checked once in 64 loop turns and function calls. */
const TURNS = 64;

/** Milliseconds between checks of the heap. */
const HEAP_INTERVAL = 10;

/**
 * The part of V8's limit that is reserved for young objects and can't be filled with old ones: bytes, measured on Node
 * 24.
 */
const YOUNG = 212 * 2 ** 20;

/** The share of the rest that a script may fill. Beyond it, the process would crash without a message. */
const HEAP_SHARE = 0.65;

/**
 * The time and memory limit of a VU's function. Timers enforce the time limit for code that yields the thread. Code
 * that never yields calls `check()` (see `compile/prepare.ts`), which ends it with an exception.
 */
export class TimeLimit {
  readonly #state: TestState;
  readonly #loop: EventLoop;
  #at = Number.POSITIVE_INFINITY;
  #reason: Error | null = null;
  #turns = TURNS;
  #lookAtHeap = 0;

  constructor(state: TestState, loop: EventLoop) {
    this.#state = state;
    this.#loop = loop;
  }

  /**
   * @param at On the clock of performance.now().
   * @param reason The error for a function that is still running; null interrupts it.
   */
  set(at: number, reason: Error | null): void {
    this.#at = at;
    this.#reason = reason;
    this.#turns = TURNS;
  }

  /** @throws If the function must end. If the script catches it, the next call throws again. */
  check(): void {
    this.#turns -= 1;
    if (this.#turns > 0) return;
    const now = performance.now();
    if (now > this.#lookAtHeap) this.#checkHeap(now);
    if (now < this.#at) this.#turns = TURNS;
    else this.#end(this.#reason);
  }

  #checkHeap(now: number): void {
    this.#lookAtHeap = now + HEAP_INTERVAL;
    const { used_heap_size: used, external_memory: external, heap_size_limit } = getHeapStatistics();
    const limit = Math.max(heap_size_limit - YOUNG, heap_size_limit / 4);
    if (used + external < limit * HEAP_SHARE) return;
    const error = new EngineError(
      'OUT_OF_MEMORY',
      `test run was aborted because the script fills the memory: ${Math.round((used + external) / 2 ** 20)} MiB of ${Math.round(limit / 2 ** 20)} MiB; NODE_OPTIONS=--max-old-space-size=MIB allows more`,
    );
    this.set(0, error);
    this.#state.abort({ message: error.message, exitCode: error.exitCode });
  }

  #end(reason: Error | null): never {
    if (reason) this.#loop.fail(reason, false);
    else this.#loop.interrupt();
    throw reason ?? new Error('the iteration was interrupted');
  }
}
