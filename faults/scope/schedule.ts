import type { FaultScope } from './scope.ts';

/** What a fault turns to at an edge of its schedule; `over`: for good. */
export type Turn = 'on' | 'off' | 'over';
type Times = Pick<FaultScope, 'afterMilliseconds' | 'forMilliseconds' | 'flapping'>;

/** Calls `turn` at each edge of a schedule that begins now: at once where the first one is due. Returns what stops it. */
export function followSchedule(times: Times, turn: (to: Turn) => void): () => void {
  const started = performance.now();
  const edges = edgesOf(times);
  let timer: NodeJS.Timeout | undefined;
  next();
  return () => clearTimeout(timer);

  function next(): void {
    const { value: edge } = edges.next();
    if (edge) reach(edge);
  }

  function reach(edge: [number, Turn]): void {
    const [at, to] = edge;
    const wait = started + at - performance.now();
    if (wait > 0) {
      // A Node timer may fire a fraction of a millisecond early: look again then. And a fault that waits for its end is
      // no reason to keep the process.
      timer = setTimeout(() => reach(edge), wait).unref();
      return;
    }
    turn(to);
    if (to !== 'over') next();
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
