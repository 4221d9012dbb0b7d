import { getHeapStatistics } from 'node:v8';
import { EngineError } from '../base/errors.ts';
import type { EventLoop } from './event-loop.ts';
import type { TestState } from './test-state.ts';

/** The clock is looked at once in so many turns of loops and calls of functions. */
const TURNS = 64;

/** How often the heap is looked at: milliseconds. */
const HEAP_INTERVAL = 10;

/** What of V8's limit is for young objects, and can't be filled with old ones: bytes, as measured on Node 24. */
const YOUNG = 212 * 2 ** 20;

/** The share of the rest that a script may fill: beyond it the process would end without a word. */
const HEAP_SHARE = 0.65;

/**
 * When a VU's function has to be over, and how much memory there is. Timers see to the time where a function lets go
 * of the thread; code that never does asks here (`script/prepare.ts`), and is ended by an exception.
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
   * @param at Of performance.now().
   * @param reason What a function that is not over then fails with; null interrupts it.
   */
  set(at: number, reason: Error | null): void {
    this.#at = at;
    this.#reason = reason;
    this.#turns = TURNS;
  }

  /** @throws Where the function has to end; if it is caught, the next time again. */
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
