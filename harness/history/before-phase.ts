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
  return phase && before(history, phase.at);
}

/** A point of a script at which its run may end. */
export interface Point {
  /** The phase that has begun last. Absent if none has. */
  readonly phase?: NthPhase;
  /**
   * When the script had paused in this phase for a while, in milliseconds since the epoch. Absent if the phase has just
   * begun.
   */
  readonly pausedAt?: number;
}

/** Returns the part of a history until a point of the same run, or undefined if it was not reached. */
export function until(history: History, { phase, pausedAt }: Point): History | undefined {
  if (pausedAt !== undefined) return before(history, pausedAt);
  return phase && beforePhase(history, phase);
}

/** How long no request must have been in progress, in milliseconds. All samples of earlier ones are written by then. */
export const PAUSE_MS = 300;

/** Maximum number of parts to return. */
const MOST_PARTS = 40;

/**
 * Returns the parts of a history that end in the same phase as a point of another run, while no request was in progress.
 * If there are many, those with the longest pauses are returned. Empty if there is none.
 */
export function partsUntil(history: History, { phase, pausedAt }: Point): History[] {
  if (pausedAt === undefined) return [phase && beforePhase(history, phase)].filter((part) => part !== undefined);
  const entry = phase && entriesOf(history, phase.does)[phase.nth];
  if (phase && !entry) return [];
  const longest = pausesIn(history, entry).toSorted((a, b) => b.ms - a.ms);
  return longest.slice(0, MOST_PARTS).map(({ from, ms }) => before(history, from + Math.min(ms, PAUSE_MS)));
}

/** Returns when runs of the same script may end early, in milliseconds since the epoch. */
export function pointsOf(history: History): number[] {
  const phases = history.all('phase');
  const pauses = [undefined, ...phases]
    .flatMap((phase) => pausesIn(history, phase))
    .flatMap(({ from, ms }) => (ms >= PAUSE_MS ? from + PAUSE_MS : []));
  return [...phases.map(({ at }) => at), ...pauses].sort((a, b) => a - b);
}

/** Returns the times in a phase, or before the first one, in which no request was in progress after the first one. */
function pausesIn(history: History, phase: PhaseEvent | undefined): { from: number; ms: number }[] {
  const phases = history.all('phase');
  const next = phases[phase ? phases.indexOf(phase) + 1 : 0];
  const end = next?.at ?? Number.POSITIVE_INFINITY;
  const pauses: { from: number; ms: number }[] = [];
  let from: number | undefined;
  for (const { at, ms } of history.all('request')) {
    if (at < (phase?.at ?? 0) || at >= end) continue;
    if (from !== undefined && at > from) pauses.push({ from, ms: at - from });
    from = Math.max(from ?? 0, at + ms);
  }
  return from === undefined ? pauses : [...pauses, { from, ms: end - from }].filter(({ ms }) => ms > 0);
}

const before = (history: History, at: number): History =>
  new History(history.inOrder().filter((event) => endOf(event) < at));

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
