import type { PlannedAction } from '../../harness/contract/phases.ts';

/** A phase of a scenario's plan, and what the script does in it. */
export interface Step {
  readonly planned: PlannedAction;
  act(): Promise<void>;
}

/**
 * Returns a step. A script that derives its plan from its steps, and then runs each of them, can't omit a phase.
 *
 * @param act Begins the phase, and acts in it.
 */
export const step = <Planned extends PlannedAction>(
  planned: Planned,
  act: (planned: Planned) => Promise<void>,
): Step => ({ planned, act: () => act(planned) });

/** Returns the plan of a proof. */
export const planOf = (steps: readonly Step[]): PlannedAction[] => steps.map(({ planned }) => planned);

/** Takes all steps, one after another. */
export async function take(steps: readonly Step[]): Promise<void> {
  for (const { act } of steps) await act();
}
