import type { PlannedFault } from '../plan/planned-fault.ts';

/** A fault as the control API tells it: as it was asked for, with its id, state and counts. */
export function describeFault({ id, specification, state, seen, excluded, disrupted }: PlannedFault<unknown>) {
  const { kind, options, scope } = specification;
  return { id, kind, ...options, ...scope, state, seen, excluded, disrupted };
}
