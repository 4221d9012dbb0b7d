import type { Circumstances, FaultActions, Respond } from '../kinds/fault.ts';
import type { ActingFault } from '../plan/planned-fault.ts';

/** What the faults of a request are told, besides what is each one's own. */
export type Surroundings = Omit<Circumstances, 'healed' | 'activeMilliseconds'>;

/** A fault that acts on a request, and what it is told. */
export interface Acting {
  readonly actions: FaultActions;
  readonly circumstances: Circumstances;
}

/** Tells each of the faults of a request what surrounds it. */
export function surround(faults: readonly ActingFault[], surroundings: Surroundings): Acting[] {
  return faults.map(({ actions, healed, activeMilliseconds }) => ({
    actions,
    circumstances: { ...surroundings, healed, activeMilliseconds },
  }));
}

/**
 * Lets the faults act when the head of a request is there.
 *
 * @throws Disconnect where a fault ends the connection
 */
export async function disruptArrival(acting: readonly Acting[]): Promise<void> {
  for (const { actions, circumstances } of acting) await actions.arrive?.(circumstances);
}

/**
 * Lets the faults act on a request that was read, stage by stage, and returns what is to be delivered.
 *
 * @throws Disconnect where a fault ends the connection
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
