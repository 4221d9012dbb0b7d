import type { History } from '../../history/history.ts';
import type { Bins } from './bins.ts';

/** A history as the charts read it: its events, and times in seconds since its beginning. */
export interface Recorded {
  history: History;
  bins: Bins;
  /** When the timeline begins. Earlier events only give the state at that moment. */
  from: number;
  /** Seconds since the beginning, to the millisecond. */
  seconds: (at: number) => number;
}
