import type { FaultScope } from './scope.ts';

/** The state after an edge in a schedule. `over` is final. */
export type Turn = 'on' | 'off' | 'over';
type Times = Pick<FaultScope, 'afterMilliseconds' | 'forMilliseconds' | 'flapping'>;

/**
 * Calls `turn` at each edge of a schedule that starts now. The first call is immediate if the first edge is now.
 * Returns a function that stops the schedule.
 */
export function followSchedule(times: Times, turn: (to: Turn) => void): () => void {
  const started = performance.now();
  const edges = edgesOf(times);
  let timer: NodeJS.Timeout | undefined;
  advance(edges.next().value);
  return () => clearTimeout(timer);

  /** A loop, because after a long pause of the process thousands of edges may be overdue. */
  function advance(first: [number, Turn] | undefined): void {
    for (let edge = first; edge; edge = edges.next().value) {
      const [at, to] = edge;
      const wait = started + at - performance.now();
      if (wait > 0) {
        // A Node timer may fire a fraction of a millisecond early, so check again then. A pending timer must not keep the
        // process alive.
        timer = setTimeout(() => advance(edge), wait).unref();
        return;
      }
      turn(to);
      if (to === 'over') return;
    }
  }
}

function* edgesOf({ afterMilliseconds = 0, forMilliseconds, flapping }: Times): Generator<[number, Turn], undefined> {
  const end = afterMilliseconds + (forMilliseconds ?? Number.POSITIVE_INFINITY);
  if (flapping && 'onMilliseconds' in flapping) {
    const { onMilliseconds, offMilliseconds } = flapping;
    for (let at = afterMilliseconds; at < end; at += offMilliseconds) {
      yield [at, 'on'];
      at += onMilliseconds;
      if (at < end) yield [at, 'off'];
    }
  } else {
    yield [afterMilliseconds, 'on'];
  }
  if (Number.isFinite(end)) yield [end, 'over'];
  return undefined;
}
