import type { PlannedFault } from '../plan/planned-fault.ts';

/** Returns a fault as the control API sends it: its specification, ID, state and counts. */
export function describeFault({ id, specification, state, seen, excluded, disrupted }: PlannedFault<unknown>) {
  const { kind, options, scope } = specification;
  return { id, kind, ...options, ...scope, state, seen, excluded, disrupted };
}
