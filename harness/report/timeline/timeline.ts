import type { HistoryEvent } from '../../history/events.ts';
import { History } from '../../history/history.ts';
import { Bins } from './bins.ts';
import { breakerBands } from './breaker-bands.ts';
import type { Band, Chart } from './chart.ts';
import { connectionsChart } from './connections-chart.ts';
import { faultWindows } from './fault-windows.ts';
import { latencyChart } from './latency-chart.ts';
import { phaseBands } from './phase-bands.ts';
import type { Recorded } from './recorded.ts';
import { refusalWindows } from './refusal-windows.ts';
import { requestsChart } from './requests-chart.ts';
import { upstreamChart } from './upstream-chart.ts';

/** What happened, on one time axis. */
export interface Timeline {
  /** The second of the axis that is called 0: its beginning, or of a window that ends now its end. */
  zero: number;
  /** Where the axis ends: the end of the last bin. */
  end: number;
  /** What the axis counts, where that isn't seconds. */
  axis?: string;
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

/** The time that a timeline shows, in milliseconds since the epoch. */
interface Window {
  from: number;
  until: number;
}

/**
 * Draws up the timeline of a history; a chart is there only where the history has something for it.
 *
 * @param ceiling Connections that the service's pool may have, where it is known.
 * @param now The window until now that is shown, without which it is all, from the first event on.
 */
export function buildTimeline(events: readonly HistoryEvent[], ceiling?: number, now?: Window): Timeline {
  const { from, until } = now ?? extent(events);
  const seconds = (at: number) => Math.round(Math.min(Math.max(at - from, 0), until - from)) / 1_000;
  const recorded: Recorded = { history: new History(events), bins: new Bins(seconds(until)), from, seconds };
  const faults = faultWindows(recorded);
  const charts = [
    phaseBands(recorded, faults),
    breakerBands(recorded),
    requestsChart(recorded),
    latencyChart(recorded),
    upstreamChart(recorded),
    connectionsChart(recorded, ceiling),
    refusalWindows(recorded),
  ];
  const marks = recorded.history
    .all('transition')
    .filter(({ at }) => at >= from)
    .map(({ at, breaker, to, line }) => ({ at: seconds(at), breaker, to, line }));
  const { end } = recorded.bins;
  return { zero: now ? end : 0, end, charts: charts.filter((chart) => chart !== undefined), faults, marks };
}

/** From the first event to the last end of one. Thresholds and the service's end come when all is over. */
function extent(events: readonly HistoryEvent[]): Window {
  let [from, until] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const event of events) {
    if (event.type === 'threshold' || (event.type === 'service' && event.event === 'exited' && event.asked)) continue;
    from = Math.min(from, event.at);
    until = Math.max(until, event.type === 'request' ? event.at + event.ms : event.at);
  }
  return from <= until ? { from, until } : { from: 0, until: 0 };
}
