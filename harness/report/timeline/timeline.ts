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

/** Charts that share a time axis. */
export interface Timeline {
  /** The second that is labeled 0: the start of the axis, or its end if the window ends at the current time. */
  zero: number;
  /** The end of the axis, which is the end of the last bin. */
  end: number;
  /** The axis unit, if it is not seconds. */
  axis?: string;
  charts: Chart[];
  /** When upstreams had faults. */
  faults: Band[];
  /** Breaker state changes. */
  marks: Mark[];
}

interface Mark {
  at: number;
  breaker: string;
  to: 'open' | 'half-open' | 'closed';
  /** The line in the service's log. */
  line: string;
}

/** A timeline's time span, in milliseconds since the epoch. */
interface Window {
  from: number;
  until: number;
}

/**
 * Builds a history's timeline. Charts for which the history has no data are omitted.
 *
 * @param ceiling Maximum number of connections in the service's pool, if known.
 * @param now A window that ends at the current time. If omitted, the timeline shows everything.
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

/**
 * Returns the time from the first event to the end of the last one. Thresholds and the service's exit are recorded
 * after the run and don't count.
 */
function extent(events: readonly HistoryEvent[]): Window {
  let [from, until] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const event of events) {
    if (event.type === 'threshold' || isEnd(event)) continue;
    from = Math.min(from, event.at);
    until = Math.max(until, event.type === 'request' ? event.at + event.ms : event.at);
  }
  return from <= until ? { from, until } : { from: 0, until: 0 };
}

/** Whether the lab ended the service. */
const isEnd = (event: HistoryEvent): boolean =>
  event.type === 'service' && (event.event === 'signalled' || (event.event === 'exited' && event.asked === true));
