import { Suspended } from '../blocking/jobs.ts';

/** How a VU's function ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  /** `inPromise` where it was a promise that was rejected, and not an exception that was thrown. */
  | { readonly kind: 'threw'; readonly error: unknown; readonly inPromise: boolean }
  | { readonly kind: 'interrupted' };

interface Turn {
  /** By what releases them: what is to be called where the function is ended before that. */
  readonly holds: Map<() => void, () => void>;
  readonly finish: (outcome: Outcome) => void;
  value: unknown;
  over: boolean;
  checking: boolean;
}

/**
 * The event loop of one VU, as far as its script can tell: a function runs until its last timer and request is
 * through, awaited or not (golden records 33 and 39). What is thrown meanwhile, by whom ever, ends it at once (25).
 */
export class EventLoop {
  #turn: Turn | null = null;
  /** Empty between two turns, so that each can have the same. */
  readonly #holds: Turn['holds'] = new Map();

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
    const turn: Turn = {
      holds: this.#holds,
      finish: (outcome) => {
        if (turn.over) return;
        turn.over = true;
        this.#turn = null;
        for (const cancel of turn.holds.values()) cancel();
        turn.holds.clear();
        onEnd(outcome);
      },
      value: undefined,
      over: false,
      checking: false,
    };
    this.#turn = turn;
    try {
      take(turn, action());
    } catch (error) {
      turn.finish({ kind: 'threw', error, inPromise: false });
    }
    finishWhenDry(turn);
  }

  /**
   * Keeps the running function from ending until the returned function is called.
   *
   * @param cancel Called instead, once, where the function is ended before that.
   */
  hold(cancel: () => void): () => void {
    const turn = this.#turn;
    if (!turn) return () => {};
    const release = () => {
      if (turn.holds.delete(release)) finishWhenDry(turn);
    };
    turn.holds.set(release, cancel);
    return release;
  }

  /** Ends the running function with an exception that its own code could not catch. */
  fail(error: unknown, inPromise: boolean): void {
    this.#turn?.finish({ kind: 'threw', error, inPromise });
  }

  /** Ends the running function without waiting for anything. */
  interrupt(): void {
    this.#turn?.finish({ kind: 'interrupted' });
  }
}

/** Turns that nothing held when they were put here. One immediate is for all of them. */
let maybeDry: Turn[] = [];

/** Ends a turn once nothing holds it and every promise that could go on has: microtasks all run before an immediate. */
function finishWhenDry(turn: Turn): void {
  if (turn.over || turn.checking || turn.holds.size > 0) return;
  turn.checking = true;
  if (maybeDry.push(turn) === 1) setImmediate(finishDryTurns);
}

function finishDryTurns(): void {
  const turns = maybeDry;
  maybeDry = [];
  for (const turn of turns) {
    turn.checking = false;
    if (!turn.over && turn.holds.size === 0) turn.finish({ kind: 'done', value: turn.value });
  }
}

/** What the function returned: a value, the promise of an async one, or nothing yet where it waits. */
function take(turn: Turn, result: unknown): void {
  if (result instanceof Suspended) {
    result.onEnd((outcome) => {
      if ('error' in outcome) turn.finish({ kind: 'threw', error: outcome.error, inPromise: false });
      else take(turn, outcome.value);
    });
  } else if (isThenable(result)) {
    result.then(
      (value) => {
        turn.value = value;
      },
      (error: unknown) => turn.finish({ kind: 'threw', error, inPromise: true }),
    );
  } else turn.value = result;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
