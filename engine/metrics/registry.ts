import { GoError } from '../base/errors.ts';
import { createSink, type Metric, type Submetric } from './metric.ts';
import type { MetricContents, MetricType } from './sink.ts';
import { createSubmetric, parseMetricSelector } from './submetric.ts';

/** k6's rule: 2 to 129 ASCII letters, digits and underscores, and no leading digit. Its error message says 128. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{1,128}$/;

/** The metrics of a run, by name, in order of declaration. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();

  /**
   * Returns the metric with a name, and declares it if it is new: every VU declares the same ones.
   *
   * @throws GoError if the name is invalid or belongs to a metric of another type.
   */
  declare(name: string, type: MetricType, contains: MetricContents = 'default'): Metric {
    if (!NAME.test(name)) {
      throw new GoError(
        `Invalid metric name: '${name}'. Metric names must only include up to 128 ASCII letters, numbers, or underscores and start with a letter or an underscore.`,
      );
    }
    const existing = this.#metrics.get(name);
    if (existing && existing.type !== type) {
      throw new GoError(`metric '${name}' already exists but with type ${existing.type}, instead of ${type}`);
    }
    if (existing) return existing;
    const metric: Metric = { name, type, contains, sink: createSink(type), submetrics: [] };
    this.#metrics.set(name, metric);
    return metric;
  }

  get(name: string): Metric | undefined {
    return this.#metrics.get(name);
  }

  /**
   * Returns the metric or submetric that a threshold's name selects. Creates the submetric if it is new.
   *
   * @returns undefined if the metric does not exist.
   */
  select(selector: string): Metric | Submetric | undefined {
    const { metric: name, tags } = parseMetricSelector(selector);
    const metric = this.#metrics.get(name);
    if (!metric || Object.keys(tags).length === 0) return metric;
    const existing = metric.submetrics.find((submetric) => submetric.name === selector);
    if (existing) return existing;
    const submetric = createSubmetric(selector, metric, tags);
    metric.submetrics.push(submetric);
    return submetric;
  }

  [Symbol.iterator](): Iterator<Metric> {
    return this.#metrics.values();
  }
}
