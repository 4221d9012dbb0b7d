import { isDeepStrictEqual } from 'node:util';
import type { PhaseData } from '../contract/phases.ts';
import type { HistoryEvent, PhaseEvent } from './events.ts';
import { History } from './history.ts';

/** A phase that can be found in another run of the script, where it may have another ID. */
export interface NthPhase {
  /** The script's action, including those of the earlier phases that it refers to. */
  readonly does: unknown;
  /** The number of earlier phases with the same action. */
  readonly nth: number;
}

/** Returns how to find a phase in another run. */
export function nthPhaseOf(history: History, phase: PhaseEvent): NthPhase {
  const does = doneIn(history, phase.data);
  return { does, nth: entriesOf(history, does).indexOf(phase) };
}

/**
 * Returns the part of a history that was complete when a phase began. Returns undefined if the script did not enter the
 * phase.
 */
export function beforePhase(history: History, { does, nth }: NthPhase): History | undefined {
  const phase = entriesOf(history, does)[nth];
  return phase && new History(history.inOrder().filter((event) => endOf(event) < phase.at));
}

const entriesOf = (history: History, does: unknown): PhaseEvent[] =>
  history.all('phase').filter(({ data }) => isDeepStrictEqual(doneIn(history, data), does));

/** Returns what a script does in a phase. Instead of the IDs of earlier phases, it contains their actions. */
function doneIn(history: History, data: PhaseData | undefined): unknown {
  if (data === undefined || 'own' in data) return data;
  const earlier = (id: number) => doneIn(history, history.all('phase').find((phase) => phase.id === id)?.data);
  if ('when' in data) return { ...data, of: earlier(data.of) };
  return data.primed ? { ...data, primed: data.primed.map(earlier) } : data;
}

const endOf = (event: HistoryEvent): number =>
  event.type === 'request' || event.type === 'span' ? event.at + event.ms : event.at;
