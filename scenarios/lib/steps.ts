import type { PlannedAction } from '../../harness/contract/phases.ts';

/** A step of a script, and its phases that checkers judge. */
export interface Step<Result = void> {
  readonly plan: readonly PlannedAction[];
  act(): Promise<Result>;
}

/**
 * Returns a step with one phase. A script that derives its plan from its steps, and then runs each of them, can't omit a phase.
 *
 * @param act Begins the phase, and acts in it.
 */
export const step = <Planned extends PlannedAction, Result = void>(
  planned: Planned,
  act: (planned: Planned) => Promise<Result>,
): Step<Result> => ({ plan: [planned], act: () => act(planned) });

/** Returns the plan of a proof. */
export const planOf = (steps: readonly Step<unknown>[]): PlannedAction[] => steps.flatMap(({ plan }) => plan);

/** Takes all steps, one after another. */
export async function take(steps: readonly Step[]): Promise<void> {
  for (const { act } of steps) await act();
}
