import type { Band, Chart, Look } from './chart.ts';
import type { Recorded } from './timeline.ts';

const LOOKS: Record<string, Look> = { closed: 'good', open: 'bad', 'half-open': 'limited' };

/** The state of each breaker that ever changed it, as the service's log tells; a breaker begins closed. */
export function breakerBands({ history, seconds }: Recorded): Chart | undefined {
  const byBreaker = Map.groupBy(history.all('transition'), ({ breaker }) => breaker);
  if (byBreaker.size === 0) return undefined;
  const bands = [...byBreaker].flatMap(([breaker, transitions]) => {
    const states = [{ at: Number.NEGATIVE_INFINITY, to: 'closed' }, ...transitions];
    return states.map(({ at, to: state }, index): Band => {
      const until = seconds(states[index + 1]?.at ?? Number.POSITIVE_INFINITY);
      return { lane: breaker, from: seconds(at), to: until, label: state, look: LOOKS[state] ?? 'quiet' };
    });
  });
  return { kind: 'lanes', title: "Circuit breakers, by the service's log", lanes: [...byBreaker.keys()], bands };
}
