import type { Timeline } from '../report/timeline/timeline.ts';

/** A fault as returned by the control API, reduced to the fields that the page shows. */
export interface SetFault {
  id: string;
  kind: string;
  state: 'waiting' | 'active' | 'spent' | 'failed';
  seen: number;
  disrupted: number;
}

/** The operation or scenario that occupies the lab. */
interface Doing {
  what: string;
  seconds: number;
  /** The expected duration in words, or an empty string if it is unknown. */
  expected: string;
}

/** The lab's current state. */
export interface Snapshot {
  /** `restarting` means that the service is not running because an operation or scenario occupies the lab. */
  service: { url: string | null; state: 'up' | 'down' | 'restarting'; doing: Doing | null };
  load: { rates: Readonly<Record<string, number>>; clients: number; leftOut: number };
  /** The last error, or an empty string if there was none. */
  problem: string;
  phase: string;
  breakers: Record<string, string>;
  /** For each breaker that is not closed, the log line of its last transition. */
  lastLines: Record<string, string>;
  connections: { open: number; ceiling: number | null };
  rates: { label: string; perSecond: number }[];
  /** Latencies in milliseconds, or null if there were no recent responses. */
  latency: { p50: number; p99: number } | null;
  /** Faults by upstream or `database`. */
  faults: Record<string, SetFault[]>;
}

/** The charts for the last two minutes, each with a description in words. */
export interface LiveTimeline {
  timeline: Timeline;
  descriptions: string[];
}
