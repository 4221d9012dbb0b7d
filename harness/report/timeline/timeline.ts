import type { HistoryEvent } from '../../history/events.ts';
import { History } from '../../history/history.ts';
import { Bins } from './bins.ts';
import { breakerBands } from './breaker-bands.ts';
import type { Band, Chart } from './chart.ts';
import { connectionsChart } from './connections-chart.ts';
import { faultWindows } from './fault-windows.ts';
import { latencyChart } from './latency-chart.ts';
import { phaseBands } from './phase-bands.ts';
import { refusalWindows } from './refusal-windows.ts';
import { requestsChart } from './requests-chart.ts';
import { upstreamChart } from './upstream-chart.ts';

/** One scenario on one time axis: seconds since its first event. */
export interface Timeline {
  /** Where the axis ends: the end of the last bin. */
  end: number;
  charts: Chart[];
  /** When an upstream had a fault. */
  faults: Band[];
  /** When a breaker changed its state. */
  marks: Mark[];
}

interface Mark {
  at: number;
  breaker: string;
  to: 'open' | 'half-open' | 'closed';
  /** The line of the service's log that told it. */
  line: string;
}

/** What the charts take from the history: its events, and times as seconds since its beginning. */
export interface Recorded {
  history: History;
  bins: Bins;
  /** Seconds since the beginning, to the millisecond. */
  seconds: (at: number) => number;
}

/**
 * Draws up the timeline of a history; a chart is there only where the history has something for it.
 *
 * @param ceiling Connections that the service's pool may have, where it is known.
 */
export function buildTimeline(events: readonly HistoryEvent[], ceiling?: number): Timeline {
  const { from, until } = extent(events);
  const seconds = (at: number) => Math.round(Math.min(Math.max(at - from, 0), until - from)) / 1_000;
  const recorded: Recorded = { history: new History(events), bins: new Bins(seconds(until)), seconds };
  const faults = faultWindows(recorded);
  const charts = [
    phaseBands(recorded, faults),
    requestsChart(recorded),
    latencyChart(recorded),
    upstreamChart(recorded),
    breakerBands(recorded),
    connectionsChart(recorded, ceiling),
    refusalWindows(recorded),
  ];
  const marks = recorded.history.all('transition').map(({ at, breaker, to, line }) => ({
    ...{ at: seconds(at), breaker, to, line },
  }));
  return { end: recorded.bins.end, charts: charts.filter((chart) => chart !== undefined), faults, marks };
}

/** From the first event to the last end of one. Thresholds and the service's end come when all is over. */
function extent(events: readonly HistoryEvent[]): { from: number; until: number } {
  let [from, until] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const event of events) {
    if (event.type === 'threshold' || (event.type === 'service' && event.event === 'exited' && event.asked)) continue;
    from = Math.min(from, event.at);
    until = Math.max(until, event.type === 'request' ? event.at + event.ms : event.at);
  }
  return from <= until ? { from, until } : { from: 0, until: 0 };
}
