import { setMaxListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { FaultActions, Listener, Undo } from './faults/fault.ts';
import { Gate } from './scope/gate.ts';
import type { Matchable } from './scope/match.ts';
import { followSchedule, type Turn } from './scope/schedule.ts';
import type { FaultScope } from './scope/scope.ts';

/** A fault as it was asked for. */
export interface FaultSpecification {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly scope: FaultScope;
  readonly actions: FaultActions;
}

/** A fault that acts on one request. */
export interface ActingFault {
  readonly id: string;
  /** What acts: of a mix, "mix/" and the member. */
  readonly kind: string;
  readonly actions: FaultActions;
  readonly healed: AbortSignal;
  readonly activeMilliseconds: number;
}

/** A fault of a plan and what it has done: of the requests `seen`, some were `excluded` by its scope, some `disrupted`. */
export class PlannedFault {
  readonly id: string;
  seen = 0;
  excluded = 0;
  disrupted = 0;
  #specification: FaultSpecification;
  #gate: Gate;
  readonly #healer = new AbortController();
  readonly #listener: Listener | undefined;
  #began = Number.POSITIVE_INFINITY;
  #isOver = false;
  #undo: Undo | undefined;
  #undone: void | Promise<void> = undefined;
  #stopSchedule: () => void;

  constructor(id: string, specification: FaultSpecification, listener?: Listener) {
    setMaxListeners(0, this.#healer.signal);
    this.id = id;
    this.#specification = specification;
    this.#gate = new Gate(specification.scope);
    this.#listener = listener;
    this.#stopSchedule = this.#follow();
  }

  get specification(): FaultSpecification {
    return this.#specification;
  }

  /** `waiting` for its time to begin, `active`, or `spent`: `next` is used up, or its time is over. */
  get state(): 'waiting' | 'active' | 'spent' {
    if (this.#isOver || this.#gate.isSpent) return 'spent';
    return performance.now() >= this.#began ? 'active' : 'waiting';
  }

  /** What acts on this request, if anything does. Counts it. */
  consider(request: Matchable): ActingFault | undefined {
    if (this.state !== 'active') return undefined;
    const activeMilliseconds = performance.now() - this.#began;
    this.seen++;
    const decision = this.#gate.decide(request, activeMilliseconds);
    if (decision === 'excluded') this.excluded++;
    if (decision !== 'disrupted') return undefined;
    this.disrupted++;
    const { kind, actions } = this.#specification;
    const picked = actions.pick?.() ?? { kind, actions };
    return { id: this.id, ...picked, healed: this.#healer.signal, activeMilliseconds };
  }

  /** Counts a connection, which a fault that acts on the port disrupts for as long as it is on. */
  considerConnection(): void {
    if (!this.#undo) return;
    this.seen++;
    this.disrupted++;
  }

  /**
   * Takes on another specification of the same kind, for the requests to come; the counts go on. A changed scope begins
   * anew: its time now, its `next` and `rate` with the next request.
   */
  change(specification: FaultSpecification): void {
    const isSameScope = isDeepStrictEqual(specification.scope, this.#specification.scope);
    this.#specification = specification;
    if (isSameScope && !specification.actions.engage) return;
    this.#gate = new Gate(specification.scope);
    this.#stopSchedule();
    this.#turn('off');
    this.#isOver = false;
    this.#stopSchedule = this.#follow();
  }

  /** Ends it, and releases the requests that it holds. */
  heal(): void {
    this.#stopSchedule();
    this.#turn('over');
  }

  /** Resolves when what it did to the port is undone. */
  async settled(): Promise<void> {
    await this.#undone;
  }

  #follow(): () => void {
    const { scope, actions } = this.#specification;
    this.#began = performance.now() + (scope.afterMilliseconds ?? 0);
    // What acts on requests looks at the clock when one comes; only its end has to be told to those that it holds.
    const times = actions.engage ? scope : { ...scope, flapping: undefined };
    return followSchedule(times, (to) => this.#turn(to));
  }

  #turn(to: Turn): void {
    if (to === 'on') {
      const { engage } = this.#specification.actions;
      if (engage && this.#listener) this.#undo = engage(this.#listener);
      return;
    }
    this.#undone = this.#undo?.();
    this.#undo = undefined;
    if (to !== 'over') return;
    this.#isOver = true;
    this.#healer.abort();
  }
}
