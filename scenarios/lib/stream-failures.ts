import type { Stream } from '../../harness/contract/schema/stream.ts';
import { context, type Fault, find } from './context.ts';
import { longEnough } from './failing-call.ts';

/** A way in which the stream of an upstream fails. */
export interface StreamFailure {
  /** The name by which checkers know it. */
  readonly name: string;
  readonly fault: Fault;
  /** Number of seconds after which a caller leaves, if the stream never ends. */
  readonly seconds?: number;
}

/** Number of events after which a stream fails or stops in its middle. The first one of an LLM API contains no text. */
export const BEGUN_EVENTS = 3;

const CUT: StreamFailure = { name: 'cut-stream', fault: { kind: 'cut-stream', events: BEGUN_EVENTS } };
const ERROR: StreamFailure = { name: 'error-in-stream', fault: { kind: 'error-in-stream', afterEvents: BEGUN_EVENTS } };
const EARLY_END: StreamFailure = { name: 'early-end', fault: { kind: 'missing-done', afterEvents: BEGUN_EVENTS } };

/**
 * Returns streams that end in their middle. Only the events of a built-in fake are known. Another upstream may have a
 * different error, and no last event, so that its clients can't notice a stream that ends early.
 */
export const endedInTheMiddle = (upstream: string): StreamFailure[] =>
  find(context.upstreams, upstream).kind === undefined ? [CUT] : [CUT, ERROR, EARLY_END];

/** The time between two keep-alives or two bytes, as a share of the time promised for the first event. */
const SHARE = 0.05;
const LEAST_MS = 200;

/** Returns streams that never end, if the contract says how long a call may last then. */
export function endless({ firstEventSeconds, stallSeconds }: Stream): StreamFailure[] {
  const failures: StreamFailure[] = [];
  if (firstEventSeconds !== undefined) {
    const everyMilliseconds = Math.round(Math.max(LEAST_MS, firstEventSeconds * 1_000 * SHARE));
    const seconds = longEnough(firstEventSeconds);
    const kinds = ['keep-alives', 'drip'];
    failures.push(...kinds.map((kind) => ({ name: kind, fault: { kind, everyMilliseconds }, seconds })));
  }
  if (stallSeconds !== undefined) {
    failures.push({ name: 'stall', fault: { kind: 'stall', events: BEGUN_EVENTS }, seconds: longEnough(stallSeconds) });
  }
  return failures;
}
