import type { ActionName, ActionPhase, PhaseData, When } from '../contract/phases.ts';

/** A script's phase, as mutants see it. */
export interface WirePhase {
  readonly id: number;
  readonly data: PhaseData;
  /** The earlier phase that it belongs to, or undefined. */
  readonly of: WirePhase | undefined;
}

/** Returns what a script does in a phase, or undefined if it is not one of the given actions. */
export function actionIn<Name extends ActionName>(
  phase: WirePhase | undefined,
  ...actions: readonly Name[]
): ActionPhase<Name> | undefined {
  // A team's own phase may have a field of any name.
  if (phase === undefined || 'own' in phase.data || 'when' in phase.data) return undefined;
  const { action } = phase.data;
  return actions.some((name) => name === action) ? (phase.data as ActionPhase<Name>) : undefined;
}

/** Whether a script does one of these in a phase. */
export const isDoing = (phase: WirePhase | undefined, ...actions: readonly ActionName[]): boolean =>
  actionIn(phase, ...actions) !== undefined;

/** Whether a phase belongs in a given way to an earlier one, and the script did one of these in it. */
export const belongs = (phase: WirePhase | undefined, when: When, ...actions: readonly ActionName[]): boolean =>
  phase !== undefined && 'when' in phase.data && phase.data.when === when && isDoing(phase.of, ...actions);
