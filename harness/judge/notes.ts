import type { History } from '../history/history.ts';
import { upstreamAnswer } from '../history/upstream-answer.ts';

/** Maximum number of notes per scenario. */
const MOST = 10;

/**
 * Returns the requests that reached an upstream but that nothing there could handle, each with the reason. They don't
 * fail a check by themselves, because a service may call a path that the real provider doesn't have either.
 */
export function notesOf(history: History): string[] {
  const counts = new Map<string, number>();
  for (const receipt of history.all('receipt')) {
    if (receipt.kind !== 'request' || receipt.unserved === undefined) continue;
    const note = upstreamAnswer(receipt);
    counts.set(note, (counts.get(note) ?? 0) + 1);
  }
  const notes = [...counts].map(([note, times]) => (times === 1 ? note : `${note} (${times} times)`));
  const more = notes.length - MOST;
  return more > 0 ? [...notes.slice(0, MOST), `and ${more} more kinds of request that nothing answered`] : notes;
}
