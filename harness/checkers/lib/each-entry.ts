import type { PhaseEntry } from '../../history/history.ts';

/** An entry of a phase, or none. */
export type EntryOrNone<Entry extends PhaseEntry = PhaseEntry> = [Entry] | [];

/**
 * Returns each entry of a phase, to be judged alone. If the script did not enter the phase, returns an empty list for
 * it, so that there is a finding about it.
 */
export const eachEntry = <Entry extends PhaseEntry>(entries: readonly Entry[]): EntryOrNone<Entry>[] =>
  entries.length === 0 ? [[]] : entries.map((entry) => [entry]);
