import { epochNow } from '../base/epoch-clock.ts';
import type { Metric } from './metric.ts';
import type { Sample } from './sample.ts';
import type { Sink } from './sink.ts';
import { hasTags } from './submetric.ts';
import type { Tags } from './tags.ts';

/** Milliseconds since the Unix epoch with sub-millisecond digits: the clock that all processes of a machine share. */
export const now = epochNow;

/** A moment of performance.now() in milliseconds since the Unix epoch, by that clock. */
export const toEpoch = (moment: number): number => epochNow() - (performance.now() - moment);

/** A metric with the tags of its samples, and where those go. */
export interface Series {
  readonly metric: Metric;
  readonly tags: Tags;
  /** The metric's own, and those of the submetrics whose tags it carries. */
  readonly sinks: readonly Sink[];
}

/** Takes samples in: into the sinks of their metric and its submetrics, and on to whoever listens. */
export class Collector {
  readonly #listeners: ((sample: Sample) => void)[] = [];

  listen(listener: (sample: Sample) => void): void {
    this.#listeners.push(listener);
  }

  /** Whether anybody hears of single samples, and so of when each was taken. */
  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  /** @param time Defaults to now; milliseconds since the Unix epoch. */
  add(metric: Metric, value: number, tags: Tags, metadata?: Tags, time?: number): void {
    metric.sink.add(value);
    for (const submetric of metric.submetrics) if (hasTags(tags, submetric.tags)) submetric.sink.add(value);
    if (this.isHeard) this.#tell(metric, value, tags, metadata, time);
  }

  /** To be asked for once, by whoever has many samples of a metric with the same tags, after thresholds made their submetrics. */
  series(metric: Metric, tags: Tags): Series {
    const submetrics = metric.submetrics.filter((submetric) => hasTags(tags, submetric.tags));
    return { metric, tags, sinks: [metric.sink, ...submetrics.map(({ sink }) => sink)] };
  }

  /** As `add`, without looking where the sample belongs. */
  record({ metric, tags, sinks }: Series, value: number, metadata?: Tags, time?: number): void {
    for (let index = 0; index < sinks.length; index += 1) sinks[index]?.add(value);
    if (this.isHeard) this.#tell(metric, value, tags, metadata, time);
  }

  #tell(metric: Metric, value: number, tags: Tags, metadata: Tags | undefined, time = now()): void {
    const sample: Sample = { metric, time, value, tags, metadata };
    for (const listener of this.#listeners) listener(sample);
  }
}
