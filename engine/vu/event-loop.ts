import { Suspended } from '../blocking/jobs.ts';

/** How a VU's function ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  /** `inPromise` tells a rejected promise from a thrown exception. */
  | { readonly kind: 'threw'; readonly error: unknown; readonly inPromise: boolean }
  | { readonly kind: 'interrupted' };

/** Keeps the running function from ending. */
export interface Hold {
  /** Set by the loop: the index among its holds; -1 if inactive. */
  place: number;
  /** Called once if the function is interrupted before the hold is released. */
  cancel(): void;
}

/** One run of a function. */
interface Turn {
  readonly loop: EventLoop;
  readonly onEnd: (outcome: Outcome) => void;
  value: unknown;
  checking: boolean;
}

/**
 * The event loop of one VU, as visible to its script. A function runs until its last timer and request have ended,
 * awaited or not (golden records 33 and 39). Any exception meanwhile ends it immediately (25).
 */
export class EventLoop {
  #turn: Turn | null = null;
  /** A list whose members know their index: a Set would have to hash each one. */
  #holds: Hold[] = [];

  get isRunning(): boolean {
    return this.#turn !== null;
  }

  /**
   * Runs a function, possibly async, and everything that it starts. As in k6, a promise that nothing can settle does
   * not keep the loop alive. Only one function runs at a time.
   *
   * @param onEnd Called once.
   */
  run(action: () => unknown, onEnd: (outcome: Outcome) => void): void {
    const turn: Turn = { loop: this, onEnd, value: undefined, checking: false };
    this.#turn = turn;
    try {
      take(turn, action());
    } catch (error) {
      this.finish(turn, { kind: 'threw', error, inPromise: false });
    }
    this.#finishWhenDry(turn);
  }

  /** Ends a turn, unless it has ended. */
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

  /** Ends a turn that has no holds left. */
  finishIfDry(turn: Turn): void {
    turn.checking = false;
    if (this.#holds.length === 0) this.finish(turn, { kind: 'done', value: turn.value });
  }

  /**
   * Keeps the running function from ending until the returned function is called.
   *
   * @param cancel Called once if the function is interrupted first.
   */
  hold(cancel: () => void): () => void {
    const hold = { place: -1, cancel };
    this.keep(hold);
    return () => this.release(hold);
  }

  /** Same as `hold`, with a reusable hold object. */
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

  /** Ends the running function with an exception that its own code can't catch. */
  fail(error: unknown, inPromise: boolean): void {
    if (this.#turn) this.finish(this.#turn, { kind: 'threw', error, inPromise });
  }

  /** Ends the running function immediately. */
  interrupt(): void {
    if (this.#turn) this.finish(this.#turn, { kind: 'interrupted' });
  }

  /** Ends a turn once it has no holds and no promise can continue: all microtasks run before an immediate. */
  #finishWhenDry(turn: Turn): void {
    if (turn !== this.#turn || turn.checking || this.#holds.length > 0) return;
    turn.checking = true;
    if (maybeDry.push(turn) === 1) setImmediate(finishDryTurns);
  }
}

/** Turns that had no holds when they were added. A single immediate checks all of them. */
let maybeDry: Turn[] = [];

function finishDryTurns(): void {
  const turns = maybeDry;
  maybeDry = [];
  for (const turn of turns) turn.loop.finishIfDry(turn);
}

/** Handles the function's result: a value, the promise of an async function, or a suspended job. */
function take(turn: Turn, result: unknown): void {
  if (result instanceof Suspended) {
    result.onEnd((outcome) => {
      if ('error' in outcome) turn.loop.finish(turn, { kind: 'threw', error: outcome.error, inPromise: false });
      else take(turn, outcome.value);
    });
  } else if (isThenable(result)) {
    result.then(
      (value) => {
        turn.value = value;
      },
      (error: unknown) => turn.loop.finish(turn, { kind: 'threw', error, inPromise: true }),
    );
  } else turn.value = result;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
