import type { Listener, Matchable } from '../kinds/lib/fault.ts';
import { type ActingFault, type FaultSpecification, PlannedFault } from './planned-fault.ts';

// Spent faults stay in the list, but only up to this number.
const SPENT_KEPT = 1000;

/** The faults of one target. For each request, it determines which of them act on it. */
export class FaultPlan<Target = Listener> {
  readonly #nextId: () => string;
  #target: Target | undefined;
  #active: PlannedFault<Target>[] = [];
  #spent: PlannedFault<Target>[] = [];

  /** `nextId` creates the faults' IDs. Plans that share this function never use an ID twice. */
  constructor(nextId: () => string) {
    this.#nextId = nextId;
  }

  /** Sets the target for faults that act on a whole target. Without a target, such faults have no effect. */
  actOn(target: Target): void {
    this.#target = target;
  }

  /** Whether an active fault matches requests by their body. */
  get needsBody(): boolean {
    return this.#active.some(({ specification }) => specification.scope.body !== undefined);
  }

  /** Whether an active fault needs each request to come on a new connection. */
  get needsFresh(): boolean {
    return this.#active.some(({ state, specification }) => state === 'active' && specification.actions.freshen);
  }

  /** Adds a fault after the existing ones. */
  add(specification: FaultSpecification<Target>): PlannedFault<Target> {
    // Doing this on every call would take a minute for a plan with 20,000 faults.
    if (this.#active.length % SPENT_KEPT === 0) this.#sortOut();
    const fault = new PlannedFault<Target>(this.#nextId(), specification, this.#target);
    this.#active.push(fault);
    return fault;
  }

  /** Counts a request. Returns the faults that act on it, in the order in which they were added. */
  choose(request: Matchable): ActingFault<Target>[] {
    if (this.#active.length === 0) return [];
    const acting = this.#active.map((fault) => fault.consider(request)).filter((fault) => fault !== undefined);
    this.#sortOut();
    return acting;
  }

  /** Counts a connection for the faults that act on the port. */
  considerConnection(): void {
    for (const fault of this.#active) fault.considerConnection();
  }

  /** Returns the fault with the given ID, if any. */
  find(id: string): PlannedFault<Target> | undefined {
    return this.list().find((fault) => fault.id === id);
  }

  /** Changes a fault. If it was spent and becomes active again, it moves to the end of the order. */
  change(fault: PlannedFault<Target>, specification: FaultSpecification<Target>): void {
    fault.change(specification);
    if (fault.state === 'spent' || !this.#spent.includes(fault)) return;
    this.#spent = this.#spent.filter((other) => other !== fault);
    this.#active.push(fault);
  }

  /** Removes a fault and releases the requests that it holds. Returns undefined if there is no fault with this ID. */
  heal(id: string): PlannedFault<Target> | undefined {
    const fault = this.find(id);
    if (!fault) return undefined;
    this.#active = this.#active.filter((other) => other !== fault);
    this.#spent = this.#spent.filter((other) => other !== fault);
    fault.heal();
    return fault;
  }

  /** Removes all faults, the most recent one first, and returns them as they were. */
  healAll(): PlannedFault<Target>[] {
    const faults = this.list();
    this.#active = [];
    this.#spent = [];
    for (const fault of faults.toReversed()) fault.heal();
    return faults;
  }

  /** Returns the last 1,000 spent faults, followed by the active ones. */
  list(): PlannedFault<Target>[] {
    this.#sortOut();
    return [...this.#spent, ...this.#active];
  }

  #sortOut(): void {
    if (this.#active.every(({ state }) => state !== 'spent')) return;
    const spent = this.#active.filter(({ state }) => state === 'spent');
    this.#spent = [...this.#spent, ...spent].slice(-SPENT_KEPT);
    this.#active = this.#active.filter(({ state }) => state !== 'spent');
  }
}
