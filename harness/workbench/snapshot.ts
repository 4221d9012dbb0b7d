import { now } from '../base/clock.ts';
import { describeChart } from '../report/html/timeline-figures.ts';
import { messageIn } from '../report/text/message-in.ts';
import { OUTCOMES, type Outcome } from '../report/timeline/outcome.ts';
import { buildTimeline } from '../report/timeline/timeline.ts';
import type { LiveTimeline, Snapshot } from './messages.ts';
import { WINDOW_MS } from './recent-events.ts';
import type { Workbench } from './workbench.ts';

export async function takeSnapshot(workbench: Workbench): Promise<Snapshot> {
  const { state, service, load, problem } = workbench;
  const rates = state.rates(now());
  return {
    service,
    load,
    problem,
    phase: state.phase,
    breakers: Object.fromEntries(state.breakers),
    lastLines: lastLinesOf(workbench),
    connections: { open: state.connections, ceiling: state.announced.ceiling ?? null },
    rates: (Object.keys(OUTCOMES) as Outcome[]).map((outcome) => ({
      label: OUTCOMES[outcome].label,
      perSecond: rates.get(outcome) ?? 0,
    })),
    latency: state.latency(now()) ?? null,
    faults: await workbench.faults(),
  };
}

function lastLinesOf({ state, numbers }: Workbench): Snapshot['lastLines'] {
  const notClosed = [...state.lastLines].filter(([name]) => state.breakers.get(name) !== 'closed');
  return Object.fromEntries(
    notClosed.map(([name, line]) => {
      const seconds = numbers.breakers[name]?.recoverySeconds;
      const isOpen = state.breakers.get(name) === 'open';
      return [name, `${messageIn(line)}${isOpen && seconds !== undefined ? ` (tries again after ${seconds} s)` : ''}`];
    }),
  );
}

/** Returns the charts for a window that ends at a whole second, so that finished bars do not change. */
export function liveTimeline({ recent, state }: Workbench): LiveTimeline {
  const until = Math.ceil(now() / 1_000) * 1_000;
  const from = until - WINDOW_MS;
  // Subtract a millisecond, so that the end of the window does not start a new bin.
  const timeline = buildTimeline(recent.since(from), state.announced.ceiling, { from, until: until - 1 });
  return { timeline, descriptions: timeline.charts.map(describeChart) };
}
