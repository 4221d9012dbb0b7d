import { GoError } from '../base/errors.ts';
import { createSink, type Metric, type Submetric } from './metric.ts';
import type { MetricContents, MetricType } from './sink.ts';
import { createSubmetric, parseMetricSelector } from './submetric.ts';

/** k6's rule: 2 to 129 ASCII letters, digits and underscores, no digit first. Its message says 128. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{1,128}$/;

/** The metrics of a run, by name, in the order in which they came to be. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();

  /**
   * The metric of that name, made where it is new: every VU declares the same ones.
   *
   * @throws GoError where the name is not allowed, or is that of a metric of another type.
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
   * The metric or submetric that a threshold's name selects; the submetric is made where it is new.
   *
   * @returns undefined where there is no such metric.
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
