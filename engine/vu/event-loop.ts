import type { Wait, Waiter } from '../blocking/carried.ts';
import { settledValue } from '../blocking/promise.ts';

/** How a VU's function ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  /** `inPromise` distinguishes a rejected promise from a thrown exception. */
  | { readonly kind: 'threw'; readonly error: unknown; readonly inPromise: boolean }
  | { readonly kind: 'interrupted' };

/** Prevents the running function from ending. */
export interface Hold {
  /** Set by the loop: the hold's index in the loop's list, or -1 if it is inactive. */
  place: number;
  /** Called once if the function is interrupted before the hold is released. */
  cancel(): void;
}

/** A single run of a function. */
class Turn implements Waiter {
  readonly loop: EventLoop;
  readonly onEnd: (outcome: Outcome) => void;
  value: unknown;
  checking = false;

  constructor(loop: EventLoop, onEnd: (outcome: Outcome) => void) {
    this.loop = loop;
    this.onEnd = onEnd;
  }

  /** Takes the function's result, which may be a promise. */
  onValue(result: unknown): void {
    if (result instanceof Promise) {
      result.then(
        (value) => {
          this.value = value;
        },
        (error: unknown) => this.loop.finish(this, { kind: 'threw', error, inPromise: true }),
      );
    } else this.value = result;
  }

  onError(error: unknown): void {
    this.loop.finish(this, { kind: 'threw', error, inPromise: false });
  }
}

/**
 * A VU's event loop from the script's point of view. A function runs until its last timer or request has finished,
 * whether it is awaited or not (golden records 33 and 39). An exception ends it immediately (golden record 25).
 */
export class EventLoop {
  #turn: Turn | null = null;
  /** A list whose elements know their own index. A Set would have to hash each of them. */
  #holds: Hold[] = [];

  get isRunning(): boolean {
    return this.#turn !== null;
  }

  /**
   * Runs a function, which may be async, and everything that it starts. As in k6, a promise that nothing can settle
   * does not keep the loop alive. Only one function can run at a time.
   *
   * @param action Starts the function, and passes its result on.
   * @param onEnd Called exactly once.
   */
  run(action: (waiter: Waiter) => void, onEnd: (outcome: Outcome) => void): void {
    const turn = new Turn(this, onEnd);
    this.#turn = turn;
    action(turn);
    this.#finishWhenDry(turn);
  }

  /** Ends a turn, unless it has already ended. */
  finish(turn: Turn, outcome: Outcome): void {
    if (this.#turn !== turn) return;
    this.#turn = null;
    if (this.#holds.length > 0) {
      const holds = this.#holds;
      this.#holds = [];
      for (const hold of holds) hold.place = -1;
      for (const hold of holds) hold.cancel();
    }
    turn.onEnd(outcome);
  }

  /** Ends a turn if it has no holds left. */
  finishIfDry(turn: Turn): void {
    turn.checking = false;
    if (this.#holds.length === 0) this.finish(turn, { kind: 'done', value: settledValue(turn.value) });
  }

  /**
   * Prevents the running function from ending until the returned function is called.
   *
   * @param cancel Called once if the function is interrupted before that.
   */
  hold(cancel: () => void): () => void {
    const hold = { place: -1, cancel };
    this.keep(hold);
    return () => this.release(hold);
  }

  /** Like `hold`, but with a hold object that can be reused. */
  keep(hold: Hold): void {
    if (this.#turn) hold.place = this.#holds.push(hold) - 1;
  }

  release(hold: Hold): void {
    if (hold.place < 0) return;
    const last = this.#holds.pop() as Hold;
    if (last !== hold) {
      this.#holds[hold.place] = last;
      last.place = hold.place;
    }
    hold.place = -1;
    if (this.#turn) this.#finishWhenDry(this.#turn);
  }

  /** Runs an action after timers and other VUs had their turn, if the function is not interrupted before. */
  inNextTurn(action: () => void): void {
    let isOver = false;
    const release = this.hold(() => {
      isOver = true;
    });
    setImmediate(() => {
      if (isOver) return;
      action();
      release();
    });
  }

  /** Waits until timers and other VUs have had their turn. */
  readonly nextTurn: Wait = { begin: (waiter) => this.inNextTurn(() => waiter.onValue(undefined)) };

  /** Ends the running function with an exception that its own code can't catch. */
  fail(error: unknown, inPromise: boolean): void {
    if (this.#turn) this.finish(this.#turn, { kind: 'threw', error, inPromise });
  }

  /** Ends the running function immediately. */
  interrupt(): void {
    if (this.#turn) this.finish(this.#turn, { kind: 'interrupted' });
  }

  /** Ends a turn when it has no holds and no promise can continue. An immediate runs after all microtasks. */
  #finishWhenDry(turn: Turn): void {
    if (turn !== this.#turn || turn.checking || this.#holds.length > 0) return;
    turn.checking = true;
    if (maybeDry.push(turn) === 1) setImmediate(finishDryTurns);
  }
}

/** Turns that had no holds when they were added. They are all checked in a single immediate. */
let maybeDry: Turn[] = [];

function finishDryTurns(): void {
  const turns = maybeDry;
  maybeDry = [];
  for (const turn of turns) turn.loop.finishIfDry(turn);
}
