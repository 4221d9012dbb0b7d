import { setMaxListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { Engagement, FaultActions, Listener, Matchable } from '../kinds/lib/fault.ts';
import { Gate } from '../scope/gate.ts';
import { followSchedule, type Turn } from '../scope/schedule.ts';
import type { FaultScope } from '../scope/scope.ts';

/** A fault's parsed definition. */
export interface FaultSpecification<Target = Listener> {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly scope: FaultScope;
  readonly actions: FaultActions<Target>;
}

/** A fault that acts on a particular request. */
export interface ActingFault<Target = Listener> {
  readonly id: string;
  /** The fault's kind. For a mix, it is `mix/` followed by the member's kind. */
  readonly kind: string;
  readonly actions: FaultActions<Target>;
  readonly healed: AbortSignal;
  readonly activeMilliseconds: number;
}

/**
 * A fault in a plan, with its counts. Of the requests or connections that were `seen`, some were `excluded` by its
 * scope, and some were `disrupted`.
 */
export class PlannedFault<Target = Listener> {
  readonly id: string;
  seen = 0;
  excluded = 0;
  disrupted = 0;
  #specification: FaultSpecification<Target>;
  #gate: Gate;
  readonly #healer = new AbortController();
  readonly #target: Target | undefined;
  #began = Number.POSITIVE_INFINITY;
  #isOver = false;
  #engaged: Engagement | Promise<Engagement>;
  #freshened: Promise<void> | undefined;
  #failure: unknown;
  #undone: void | Promise<void> = undefined;
  #stopSchedule: () => void = () => undefined;

  constructor(id: string, specification: FaultSpecification<Target>, target?: Target) {
    setMaxListeners(0, this.#healer.signal);
    this.id = id;
    this.#specification = specification;
    this.#gate = new Gate(specification.scope);
    this.#target = target;
    this.#stopSchedule = this.#follow();
  }

  get specification(): FaultSpecification<Target> {
    return this.#specification;
  }

  /** `waiting` for its start, `active`, `spent` (`next` is used up or its time is over), or `failed` to start. */
  get state(): 'waiting' | 'active' | 'spent' | 'failed' {
    if (this.#failure !== undefined) return 'failed';
    if (this.#isOver || this.#gate.isSpent) return 'spent';
    return performance.now() >= this.#began ? 'active' : 'waiting';
  }

  /** Counts a request. Returns the acting fault if it applies to the request. */
  consider(request: Matchable): ActingFault<Target> | undefined {
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

  /** Counts a connection. While it is on, a fault that acts on the port disrupts all connections. */
  considerConnection(): void {
    if (!this.#engaged) return;
    this.seen++;
    this.disrupted++;
  }

  /**
   * Replaces the specification with another one of the same kind. It applies to later requests, and the counts
   * continue. If the scope has changed, it starts over: its times are measured from now, and `next` and `rate` count
   * from the next request.
   */
  change(specification: FaultSpecification<Target>): void {
    const isSameScope = isDeepStrictEqual(specification.scope, this.#specification.scope);
    this.#specification = specification;
    if (isSameScope && !specification.actions.engage) return;
    this.#gate = new Gate(specification.scope);
    this.#stopSchedule();
    this.#turn('off');
    this.#isOver = false;
    this.#failure = undefined;
    this.#stopSchedule = this.#follow();
  }

  /** Ends the fault and releases the requests that it holds. */
  heal(): void {
    this.#stopSchedule();
    this.#turn('over');
  }

  /**
   * Resolves when the fault is active on its target, and connections are fresh if it needs that, if its start time has
   * been reached.
   *
   * @throws The error if it failed to start
   */
  async engaged(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await this.#engaged;
    await this.#freshened;
  }

  /** Resolves when the fault's effect on the target has been undone. */
  async settled(): Promise<void> {
    await this.#undone;
  }

  #follow(): () => void {
    const { scope, actions } = this.#specification;
    this.#began = performance.now() + (scope.afterMilliseconds ?? 0);
    // Faults that act on requests check the clock for each request. They need a timer only for their end, to release
    // held requests.
    const times = actions.engage ? scope : { ...scope, flapping: undefined };
    return followSchedule(times, (to) => this.#turn(to));
  }

  #turn(to: Turn): void {
    if (to === 'on') {
      this.#engage();
      return;
    }
    const engaged = this.#engaged;
    this.#engaged = undefined;
    this.#undone =
      engaged instanceof Promise
        ? engaged.then(
            (undo) => undo?.(),
            () => undefined,
          )
        : engaged?.();
    if (to === 'over') this.#end();
  }

  #engage(): void {
    const { kind, scope, actions } = this.#specification;
    if (!this.#target) return;
    this.#freshened = actions.freshen?.(this.#target);
    if (!actions.engage) return;
    const consider = (subject: Matchable): boolean => this.consider(subject) !== undefined;
    const engaged = actions.engage(this.#target, {
      name: `${this.id}:${kind}`,
      connections: scope.connections,
      consider,
    });
    this.#engaged = engaged;
    if (!(engaged instanceof Promise)) return;
    engaged.then(
      (undo) => {
        // A momentary fault is finished now, unless it flaps.
        if (!undo && !scope.flapping && this.#engaged === engaged) this.#end();
      },
      (error) => {
        if (this.#engaged === engaged) this.#failure = error;
      },
    );
  }

  #end(): void {
    this.#isOver = true;
    this.#stopSchedule();
    this.#healer.abort();
  }
}
