import type { HistoryEvent } from './events.ts';
import { History } from './history.ts';

/**
 * Returns the part of a history that was complete when a phase began. Returns undefined if the script did not enter the
 * phase, or did so several times.
 */
export function beforePhase(history: History, name: string): History | undefined {
  const [phase, another] = history.all('phase').filter((one) => one.name === name);
  if (!phase || another) return undefined;
  return new History(history.inOrder().filter((event) => endOf(event) < phase.at));
}

const endOf = (event: HistoryEvent): number =>
  event.type === 'request' || event.type === 'span' ? event.at + event.ms : event.at;
