import { Suspended } from '../blocking/jobs.ts';

/** How a VU's function ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  /** `inPromise` where it was a promise that was rejected, and not an exception that was thrown. */
  | { readonly kind: 'threw'; readonly error: unknown; readonly inPromise: boolean }
  | { readonly kind: 'interrupted' };

/** What keeps the running function from ending. */
export interface Hold {
  /** The loop's own: where it is among those of the loop, and -1 where it holds nothing. */
  place: number;
  /** Called, once, where the function is ended before it is released. */
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
 * The event loop of one VU, as far as its script can tell: a function runs until its last timer and request is
 * through, awaited or not (golden records 33 and 39). What is thrown meanwhile, by whom ever, ends it at once (25).
 */
export class EventLoop {
  #turn: Turn | null = null;
  /** A list that knows its members' places: a set would have to make each a hash. */
  #holds: Hold[] = [];

  get isRunning(): boolean {
    return this.#turn !== null;
  }

  /**
   * Runs a function, which may be async, and all that it sets going. A promise that nothing can settle any more does not
   * keep it: the loop has run dry then, as in k6. One function at a time.
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

  /** Ends a turn, unless it is over. */
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

  /** Ends a turn that nothing holds any more. */
  finishIfDry(turn: Turn): void {
    turn.checking = false;
    if (this.#holds.length === 0) this.finish(turn, { kind: 'done', value: turn.value });
  }

  /**
   * Keeps the running function from ending until the returned function is called.
   *
   * @param cancel Called instead, once, where the function is ended before that.
   */
  hold(cancel: () => void): () => void {
    const hold = { place: -1, cancel };
    this.keep(hold);
    return () => this.release(hold);
  }

  /** As `hold`, for whoever has something to hold with already. */
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

  /** Ends the running function with an exception that its own code could not catch. */
  fail(error: unknown, inPromise: boolean): void {
    if (this.#turn) this.finish(this.#turn, { kind: 'threw', error, inPromise });
  }

  /** Ends the running function without waiting for anything. */
  interrupt(): void {
    if (this.#turn) this.finish(this.#turn, { kind: 'interrupted' });
  }

  /** Ends a turn once nothing holds it and every promise that could go on has: microtasks all run before an immediate. */
  #finishWhenDry(turn: Turn): void {
    if (turn !== this.#turn || turn.checking || this.#holds.length > 0) return;
    turn.checking = true;
    if (maybeDry.push(turn) === 1) setImmediate(finishDryTurns);
  }
}

/** Turns that nothing held when they were put here. One immediate is for all of them. */
let maybeDry: Turn[] = [];

function finishDryTurns(): void {
  const turns = maybeDry;
  maybeDry = [];
  for (const turn of turns) turn.loop.finishIfDry(turn);
}

/** What the function returned: a value, the promise of an async one, or nothing yet where it waits. */
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
