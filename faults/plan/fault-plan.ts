import type { Listener, Matchable } from '../kinds/fault.ts';
import { type ActingFault, type FaultSpecification, PlannedFault } from './planned-fault.ts';

// Spent faults are kept to be asked about, but not without end.
const SPENT_KEPT = 1000;

/** The faults of one target: decides, request by request, which of them act. */
export class FaultPlan<Target = Listener> {
  readonly #nextId: () => string;
  #target: Target | undefined;
  #active: PlannedFault<Target>[] = [];
  #spent: PlannedFault<Target>[] = [];

  /** `nextId` names the faults; plans that share it never give the same name twice. */
  constructor(nextId: () => string) {
    this.#nextId = nextId;
  }

  /** Says what the faults that act on the target as a whole act on; without it they do nothing. */
  actOn(target: Target): void {
    this.#target = target;
  }

  /** Whether a fault can only be matched when the body is read. */
  get needsBody(): boolean {
    return this.#active.some(({ specification }) => specification.scope.body !== undefined);
  }

  /** Adds a fault behind those that are there. */
  add(specification: FaultSpecification<Target>): PlannedFault<Target> {
    // Not each time: a plan of 20 000 faults would take a minute.
    if (this.#active.length % SPENT_KEPT === 0) this.#sortOut();
    const fault = new PlannedFault<Target>(this.#nextId(), specification, this.#target);
    this.#active.push(fault);
    return fault;
  }

  /** The faults that act on this request, in the order in which they were added. Counts them. */
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

  /** The fault of that id, if there is one. */
  find(id: string): PlannedFault<Target> | undefined {
    return this.list().find((fault) => fault.id === id);
  }

  /** Changes a fault; one that was spent and acts again acts behind the others. */
  change(fault: PlannedFault<Target>, specification: FaultSpecification<Target>): void {
    fault.change(specification);
    if (fault.state === 'spent' || !this.#spent.includes(fault)) return;
    this.#spent = this.#spent.filter((other) => other !== fault);
    this.#active.push(fault);
  }

  /** Takes one fault away and releases the requests that it holds; undefined if there is none of that id. */
  heal(id: string): PlannedFault<Target> | undefined {
    const fault = this.find(id);
    if (!fault) return undefined;
    this.#active = this.#active.filter((other) => other !== fault);
    this.#spent = this.#spent.filter((other) => other !== fault);
    fault.heal();
    return fault;
  }

  /** Takes every fault away, the one added last first, and returns them as they were. */
  healAll(): PlannedFault<Target>[] {
    const faults = this.list();
    this.#active = [];
    this.#spent = [];
    for (const fault of faults.toReversed()) fault.heal();
    return faults;
  }

  /** The faults that are spent (the last 1000), then those that act. */
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
