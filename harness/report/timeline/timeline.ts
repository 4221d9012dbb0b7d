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

/** Charts on one time axis. */
export interface Timeline {
  /** The second of the axis that is labelled 0: its start, or its end if it is a window until now. */
  zero: number;
  /** The end of the axis: the end of the last bin. */
  end: number;
  /** The unit of the axis, if not seconds. */
  axis?: string;
  charts: Chart[];
  /** When an upstream had a fault. */
  faults: Band[];
  /** State changes of breakers. */
  marks: Mark[];
}

interface Mark {
  at: number;
  breaker: string;
  to: 'open' | 'half-open' | 'closed';
  /** The line of the service's log. */
  line: string;
}

/** The span of a timeline, in milliseconds since the epoch. */
interface Window {
  from: number;
  until: number;
}

/**
 * Builds the timeline of a history. It has a chart only if the history has data for it.
 *
 * @param ceiling The most connections that the service's pool may have, if known.
 * @param now A window that ends now; without it, the timeline shows everything.
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

/** From the first event to the end of the last. Thresholds and the service's exit come after the run and don't count. */
function extent(events: readonly HistoryEvent[]): Window {
  let [from, until] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const event of events) {
    if (event.type === 'threshold' || (event.type === 'service' && event.event === 'exited' && event.asked)) continue;
    from = Math.min(from, event.at);
    until = Math.max(until, event.type === 'request' ? event.at + event.ms : event.at);
  }
  return from <= until ? { from, until } : { from: 0, until: 0 };
}
