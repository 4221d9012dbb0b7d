import type { Metric } from '../metrics/metric.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { StreamEvent } from './event-stream.ts';
import { type Ended, isGoodEnd } from './how-ended.ts';

/** Records a sample for a stream. */
type Add = (metric: Metric, value: number, tags?: Readonly<Record<string, string>>) => void;

/** Declares the metrics of event streams. `sse_event` comes from the k6 extension k6/x/sse. */
export const declareSseMetrics = (registry: MetricRegistry) => ({
  event: registry.declare('sse_event', 'counter'),
  /** The time from sending the request to the first token, in milliseconds. */
  firstToken: registry.declare('sse_time_to_first_token', 'trend', 'time'),
  /** The time between consecutive tokens, in milliseconds. */
  tokenGap: registry.declare('sse_token_gap', 'trend', 'time'),
  /** The fraction of streams that failed. */
  failed: registry.declare('sse_stream_failed', 'rate'),
});

/** Measures a single stream. */
export class StreamMeter {
  events = 0;
  tokens = 0;
  /** Time to the first token in milliseconds, or 0 if there was none. */
  firstToken = 0;
  /** The longest time between two tokens, in milliseconds. */
  longestGap = 0;
  readonly #metrics: ReturnType<typeof declareSseMetrics>;
  readonly #add: Add;
  #last = 0;

  constructor(metrics: ReturnType<typeof declareSseMetrics>, add: Add) {
    this.#metrics = metrics;
    this.#add = add;
  }

  event(): void {
    this.events += 1;
    this.#add(this.#metrics.event, 1);
  }

  /** @param sentAt When the request was sent, on the `performance.now()` clock. */
  token({ at }: StreamEvent, sentAt: number): void {
    if (this.tokens === 0) {
      this.firstToken = at - sentAt;
      this.#add(this.#metrics.firstToken, this.firstToken);
    } else {
      this.longestGap = Math.max(this.longestGap, at - this.#last);
      this.#add(this.#metrics.tokenGap, at - this.#last);
    }
    this.tokens += 1;
    this.#last = at;
  }

  end(ended: Ended): void {
    this.#add(this.#metrics.failed, isGoodEnd(ended) ? 0 : 1, { ended });
  }
}
