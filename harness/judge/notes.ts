import type { History } from '../history/history.ts';

/** The most notes of a scenario. */
const MOST = 10;

/**
 * Returns the requests that reached an upstream and that nothing there could answer, each with the reason. They fail no
 * check by themselves, since a service may call a path that its provider does not have either.
 */
export function notesOf(history: History): string[] {
  const counts = new Map<string, number>();
  for (const { unserved, upstream, status, route } of history.all('receipt')) {
    if (unserved === undefined) continue;
    const note = `${upstream} answered ${status} to ${route}: ${unserved}`;
    counts.set(note, (counts.get(note) ?? 0) + 1);
  }
  const notes = [...counts].map(([note, times]) => (times === 1 ? note : `${note} (${times} times)`));
  const more = notes.length - MOST;
  return more > 0 ? [...notes.slice(0, MOST), `and ${more} more kinds of request that nothing answered`] : notes;
}
