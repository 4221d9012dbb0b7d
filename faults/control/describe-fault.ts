import type { PlannedFault } from '../plan/planned-fault.ts';

/** Returns a fault in the form of the control API: its specification, id, state and counts. */
export function describeFault({ id, specification, state, seen, excluded, disrupted }: PlannedFault<unknown>) {
  const { kind, options, scope } = specification;
  return { id, kind, ...options, ...scope, state, seen, excluded, disrupted };
}
