import type { PlannedFault } from './fault-plan.ts';
import type { Circumstances, FaultActions, Respond } from './faults/fault.ts';

/**
 * Lets the faults act on a request, stage by stage, and returns what is to be delivered.
 *
 * @throws Disconnect where a fault ends the connection
 */
export async function disrupt(
  faults: readonly PlannedFault[],
  surroundings: Omit<Circumstances, 'healed'>,
  respond: Respond,
): Promise<Response> {
  const acting = faults.map(({ actions, healed }) => ({ actions, circumstances: { ...surroundings, healed } }));

  for (const { actions, circumstances } of acting) await actions.hold?.(circumstances);
  const response = await acting.reduce(answering, respond)();
  return acting.reduce((last, { actions, circumstances }) => actions.deliver?.(circumstances, last) ?? last, response);
}

function answering(
  respond: Respond,
  { actions, circumstances }: { actions: FaultActions; circumstances: Circumstances },
): Respond {
  const { answer } = actions;
  return answer ? () => answer(circumstances, respond) : respond;
}
