import type { History } from '../../history/history.ts';
import type { Bins } from './bins.ts';

/** A history for the charts: its events, and how to convert times to seconds since the beginning. */
export interface Recorded {
  history: History;
  bins: Bins;
  /** When the timeline begins. Earlier events only determine the initial state. */
  from: number;
  /** Converts a time to seconds since the beginning, rounded to milliseconds. */
  seconds: (at: number) => number;
}
