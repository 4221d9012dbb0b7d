import type { Circumstances, FaultActions, Respond } from '../kinds/lib/fault.ts';
import type { ActingFault } from '../plan/planned-fault.ts';

/** The context shared by all faults that act on a request. */
export type Surroundings = Omit<Circumstances, 'healed' | 'activeMilliseconds'>;

/** A fault that acts on a request, with its context. */
export interface Acting {
  readonly actions: FaultActions;
  readonly circumstances: Circumstances;
}

/** Adds the context to each of a request's faults. */
export function surround(faults: readonly ActingFault[], surroundings: Surroundings): Acting[] {
  return faults.map(({ actions, healed, activeMilliseconds }) => ({
    actions,
    circumstances: { ...surroundings, healed, activeMilliseconds },
  }));
}

/**
 * Runs the faults' actions for a request head.
 *
 * @throws Disconnect if a fault ends the connection
 */
export async function disruptArrival(acting: readonly Acting[]): Promise<void> {
  for (const { actions, circumstances } of acting) await actions.arrive?.(circumstances);
}

/**
 * Runs the faults' actions for a request, stage by stage, and returns the response to deliver.
 *
 * @throws Disconnect if a fault ends the connection
 */
export async function disrupt(acting: readonly Acting[], respond: Respond): Promise<Response> {
  for (const { actions, circumstances } of acting) await actions.hold?.(circumstances);
  const response = await acting.reduce(answering, respond)();
  return acting.reduce((last, { actions, circumstances }) => actions.deliver?.(circumstances, last) ?? last, response);
}

function answering(respond: Respond, { actions, circumstances }: Acting): Respond {
  const { answer } = actions;
  return answer ? () => answer(circumstances, respond) : respond;
}
