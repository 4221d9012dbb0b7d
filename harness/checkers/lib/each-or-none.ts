import type { PhaseEntry, Phases } from '../../history/history.ts';

/**
 * Returns the phases to judge one by one. If the script entered none, that is one empty list: its finding then says that
 * nothing was seen.
 */
export const eachOrNone = (phases: readonly PhaseEntry[]): readonly Phases[] => (phases.length === 0 ? [[]] : phases);
