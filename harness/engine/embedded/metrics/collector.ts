import { epochNow } from '../../../../mocks/epoch-clock.ts';
import type { Metric } from './metric.ts';
import type { Sample } from './sample.ts';
import { hasTags } from './submetric.ts';
import type { Tags } from './tags.ts';

/** Milliseconds since the Unix epoch with sub-millisecond digits: the clock that all processes of a machine share. */
export const now = epochNow;

/** Takes samples in: into the sinks of their metric and its submetrics, and on to whoever listens. */
export class Collector {
  readonly #listeners: ((sample: Sample) => void)[] = [];

  listen(listener: (sample: Sample) => void): void {
    this.#listeners.push(listener);
  }

  /** @param time Defaults to now; milliseconds since the Unix epoch. */
  add(metric: Metric, value: number, tags: Tags, metadata?: Tags, time?: number): void {
    metric.sink.add(value);
    for (const submetric of metric.submetrics) if (hasTags(tags, submetric.tags)) submetric.sink.add(value);
    if (this.#listeners.length === 0) return;
    const sample: Sample = { metric, time: time ?? now(), value, tags, metadata };
    for (const listener of this.#listeners) listener(sample);
  }
}
