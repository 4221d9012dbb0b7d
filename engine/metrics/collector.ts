import { epochNow } from '../base/epoch-clock.ts';
import type { Metric } from './metric.ts';
import type { Sample } from './sample.ts';
import type { Sink } from './sink.ts';
import { hasTags } from './submetric.ts';
import type { Tags } from './tags.ts';

/** Converts a `performance.now()` timestamp to milliseconds since the Unix epoch, on the clock of all processes. */
export const toEpoch = (moment: number): number => epochNow() - (performance.now() - moment);

/** A metric with fixed tags, and the sinks that receive its samples. */
export interface Series {
  readonly metric: Metric;
  readonly tags: Tags;
  /** The metric's own sink and the sinks of all submetrics that match the tags. */
  readonly sinks: readonly Sink[];
}

/** Adds samples to the sinks of their metric and its submetrics, and passes them to listeners. */
export class Collector {
  readonly #listeners: ((sample: Sample) => void)[] = [];

  listen(listener: (sample: Sample) => void): void {
    this.#listeners.push(listener);
  }

  /** Removes all listeners. */
  silence(): void {
    this.#listeners.length = 0;
  }

  /** Whether any listener receives individual samples and therefore needs timestamps. */
  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  /** Whether anything reads the tags of a metric's samples. If not, `add` may be called with any tags. */
  readsTags(metric: Metric): boolean {
    return this.isHeard || metric.submetrics.length > 0;
  }

  /** Adds a sample of the current time. */
  add(metric: Metric, value: number, tags: Tags, metadata?: Tags): void {
    metric.sink.add(value);
    for (const submetric of metric.submetrics) if (hasTags(tags, submetric.tags)) submetric.sink.add(value);
    if (this.isHeard) this.#tell(metric, value, tags, metadata);
  }

  /** Creates a series for `record()`. Call it after the thresholds have created their submetrics. */
  series(metric: Metric, tags: Tags): Series {
    const submetrics = metric.submetrics.filter((submetric) => hasTags(tags, submetric.tags));
    return { metric, tags, sinks: [metric.sink, ...submetrics.map(({ sink }) => sink)] };
  }

  /**
   * Like `add`, but does not have to look up the sinks.
   *
   * @param time Milliseconds since the Unix epoch. Defaults to the current time.
   */
  record({ metric, tags, sinks }: Series, value: number, metadata?: Tags, time?: number): void {
    for (let index = 0; index < sinks.length; index += 1) sinks[index]?.add(value);
    if (this.isHeard) this.#tell(metric, value, tags, metadata, time);
  }

  #tell(metric: Metric, value: number, tags: Tags, metadata?: Tags, time = epochNow()): void {
    const sample: Sample = { metric, time, value, tags, metadata };
    for (const listener of this.#listeners) listener(sample);
  }
}
