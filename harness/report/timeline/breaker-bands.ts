import type { HistoryEvent } from '../../history/events.ts';
import type { Band, Chart, Look } from './chart.ts';
import type { Recorded } from './recorded.ts';

const LOOKS: Record<string, Look> = { closed: 'good', open: 'bad', 'half-open': 'limited' };

type BreakerEvent = Extract<HistoryEvent, { type: 'transition' | 'service' }>;

/**
 * Shows the states over time for each breaker that has a transition in the log. Breakers are closed when their process
 * starts.
 */
export function breakerBands({ history, from, seconds }: Recorded): Chart | undefined {
  const byBreaker = Map.groupBy(
    history.all('transition'),
    (transition) => `${transition.breaker}${ofProcess(transition)}`,
  );
  if (byBreaker.size === 0) return undefined;
  const starts = history.all('service').filter(({ event }) => event === 'started');
  const bands = [...byBreaker].flatMap(([lane, transitions]) => {
    const own = starts.filter(({ process }) => process === transitions[0]?.process);
    const changes = [...own, ...transitions].map(stateOf).sort((a, b) => a.at - b.at);
    const states = [{ at: Number.NEGATIVE_INFINITY, state: 'closed' }, ...changes].filter(
      ({ state }, index, all) => state !== all[index - 1]?.state,
    );
    return states.flatMap(({ at, state }, index): Band[] => {
      const until = states[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      if (until < from) return [];
      return [{ lane, from: seconds(at), to: seconds(until), label: state, look: LOOKS[state] ?? 'quiet' }];
    });
  });
  return {
    kind: 'lanes',
    title: "Circuit breakers, according to the service's log",
    lanes: [...byBreaker.keys()],
    bands,
  };
}

/** Returns, for example, " of process 2", or an empty string for the first process. */
export const ofProcess = ({ process }: Pick<BreakerEvent, 'process'>): string =>
  process === undefined ? '' : ` of process ${process}`;

const stateOf = (event: BreakerEvent) => ({ at: event.at, state: event.type === 'transition' ? event.to : 'closed' });
