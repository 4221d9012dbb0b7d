import type { Timeline } from '../report/timeline/timeline.ts';

/** A fault as the control API tells it, as far as the page shows it. */
export interface SetFault {
  id: string;
  kind: string;
  state: 'waiting' | 'active' | 'spent' | 'failed';
  seen: number;
  disrupted: number;
}

/** What has the lab to itself for a while. */
interface Doing {
  what: string;
  seconds: number;
  /** How long that takes, in words; empty where it is not known. */
  expected: string;
}

/** What is so now, as the page shows it. */
export interface Snapshot {
  /** `restarting` while something has the lab to itself and the service does not run. */
  service: { url: string | null; state: 'up' | 'down' | 'restarting'; doing: Doing | null };
  load: { rates: Readonly<Record<string, number>>; clients: number; leftOut: number };
  /** What went wrong last; empty where nothing did. */
  problem: string;
  phase: string;
  breakers: Record<string, string>;
  /** What the service's log said of the last transition of each breaker that is not closed. */
  told: Record<string, string>;
  connections: { open: number; ceiling: number | null };
  rates: { label: string; perSecond: number }[];
  /** Milliseconds; null without an answer in the last seconds. */
  latency: { p50: number; p99: number } | null;
  /** By upstream, or "database". */
  faults: Record<string, SetFault[]>;
}

/** The charts of the last two minutes, and what each says in words. */
export interface LiveTimeline {
  timeline: Timeline;
  descriptions: string[];
}
