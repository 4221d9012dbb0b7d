import type { Timeline } from '../report/timeline/timeline.ts';

/** A fault of the control API, with the fields that the page shows. */
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
  /** The expected duration in words; empty if it is unknown. */
  expected: string;
}

/** The current state of the lab. */
export interface Snapshot {
  /** `restarting` if the service does not run because an operation or scenario occupies the lab. */
  service: { url: string | null; state: 'up' | 'down' | 'restarting'; doing: Doing | null };
  load: { rates: Readonly<Record<string, number>>; clients: number; leftOut: number };
  /** The last error; empty if there was none. */
  problem: string;
  phase: string;
  breakers: Record<string, string>;
  /** The log line of the last transition, for each breaker that is not closed. */
  told: Record<string, string>;
  connections: { open: number; ceiling: number | null };
  rates: { label: string; perSecond: number }[];
  /** Latencies in milliseconds; null without recent answers. */
  latency: { p50: number; p99: number } | null;
  /** By upstream, or `database`. */
  faults: Record<string, SetFault[]>;
}

/** The charts of the last two minutes, and a description of each in words. */
export interface LiveTimeline {
  timeline: Timeline;
  descriptions: string[];
}
