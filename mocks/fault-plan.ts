import { setMaxListeners } from 'node:events';
import type { FaultActions } from './faults/fault.ts';

/** Which of the requests a fault acts on: the next N that match, a share of those that match, or (neither) each. */
export interface FaultScope {
  /** The next N requests that match, then the fault is spent. */
  readonly next?: number;
  /** The share, from 0 to 1, of the requests that match. */
  readonly rate?: number;
  /** Only this "METHOD /path"; default: every request. */
  readonly route?: string;
}

/** A fault as it was asked for. */
export interface FaultSpecification {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly scope: FaultScope;
  readonly actions: FaultActions;
}

/** A fault of the plan and what it has done so far: of the requests `seen`, some were `excluded` by the route, some `disrupted`. */
export interface PlannedFault extends FaultSpecification {
  readonly id: string;
  readonly healed: AbortSignal;
  seen: number;
  excluded: number;
  disrupted: number;
}

// Spent faults are kept to be asked about, but not without end.
const SPENT_KEPT = 1000;

/** Decides, request by request, which faults act. Pure: no clock, no chance. */
export class FaultPlan {
  readonly #nextId: () => string;
  readonly #healers = new WeakMap<PlannedFault, AbortController>();
  #active: PlannedFault[] = [];
  #spent: PlannedFault[] = [];

  /** `nextId` names the faults; plans that share it never give the same name twice. */
  constructor(nextId: () => string) {
    this.#nextId = nextId;
  }

  /** Adds a fault behind those that are there. */
  add(specification: FaultSpecification): PlannedFault {
    const healer = new AbortController();
    setMaxListeners(0, healer.signal);
    const fault = { ...specification, id: this.#nextId(), healed: healer.signal, seen: 0, excluded: 0, disrupted: 0 };
    this.#healers.set(fault, healer);
    this.#active.push(fault);
    return fault;
  }

  /** The faults that act on this request, in the order in which they were added. Counts them. */
  choose(route: string): PlannedFault[] {
    const chosen = this.#active.filter((fault) => applies(fault, route));
    if (chosen.some(isSpent)) {
      this.#spent = [...this.#spent, ...this.#active.filter(isSpent)].slice(-SPENT_KEPT);
      this.#active = this.#active.filter((fault) => !isSpent(fault));
    }
    return chosen;
  }

  /** Takes one fault away and releases the requests that it holds; undefined if there is none of that id. */
  heal(id: string): PlannedFault | undefined {
    const fault = this.list().find((candidate) => candidate.id === id);
    if (!fault) return undefined;
    this.#active = this.#active.filter((other) => other !== fault);
    this.#spent = this.#spent.filter((other) => other !== fault);
    this.#healers.get(fault)?.abort();
    return fault;
  }

  /** Takes every fault away, and returns them as they were. */
  healAll(): PlannedFault[] {
    const faults = this.list();
    this.#active = [];
    this.#spent = [];
    for (const fault of faults) this.#healers.get(fault)?.abort();
    return faults;
  }

  /** The faults that have used up their `next` (the last 1000), then those that act. */
  list(): PlannedFault[] {
    return [...this.#spent, ...this.#active];
  }
}

/** Whether a fault has acted on all of the requests that it was meant for. */
export function isSpent({ scope, disrupted }: PlannedFault): boolean {
  return scope.next !== undefined && disrupted >= scope.next;
}

function applies(fault: PlannedFault, route: string): boolean {
  fault.seen++;
  if (fault.scope.route !== undefined && fault.scope.route !== route) {
    fault.excluded++;
    return false;
  }
  if (fault.scope.rate !== undefined && !isDue(fault, fault.scope.rate)) return false;
  fault.disrupted++;
  return true;
}

/**
 * Whether disrupting this request (already counted as seen) brings the running ratio closer to the rate than letting
 * it pass; a tie passes. So at any time the disrupted are round(rate × matched), without drift.
 */
function isDue({ seen, excluded, disrupted }: PlannedFault, rate: number): boolean {
  return disrupted + 0.5 < rate * (seen - excluded);
}
