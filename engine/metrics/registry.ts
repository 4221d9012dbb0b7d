import { isDeepStrictEqual } from 'node:util';
import { GoError } from '../base/errors.ts';
import { createSink, type Metric, type Submetric } from './metric.ts';
import type { MetricContents, MetricType } from './sink.ts';
import { parseMetricSelector } from './submetric.ts';

/** The names that k6 allows, with 2 to 129 characters. Its error message says 128. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{1,128}$/;

/** A run's metrics by name, in order of declaration. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();

  /**
   * Declares a metric, or returns the existing one, since every VU declares the same metrics.
   *
   * @throws GoError if the name is invalid or belongs to a metric with another type or other contents
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
    if (existing && existing.contains !== contains) {
      const instead = `with a value type ${existing.contains}, instead of ${contains}`;
      throw new GoError(`metric '${name}' already exists but ${instead}`);
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
   * Returns the metric or submetric that a threshold's name refers to. Creates the submetric if there is none with the
   * same tags.
   *
   * @returns undefined if the metric does not exist.
   * @throws EngineError INVALID_THRESHOLD if the syntax is invalid
   */
  select(selector: string): Metric | Submetric | undefined {
    const { metric: name, tags } = parseMetricSelector(selector);
    const metric = this.#metrics.get(name);
    if (!metric || Object.keys(tags).length === 0) return metric;
    const existing = metric.submetrics.find((submetric) => isDeepStrictEqual(submetric.tags, tags));
    if (existing) return existing;
    const suffix = selector.slice(name.length + 1, -1).trim();
    const submetric = { name: `${name}{${suffix}}`, metric, tags, sink: createSink(metric.type) };
    metric.submetrics.push(submetric);
    return submetric;
  }

  [Symbol.iterator](): Iterator<Metric> {
    return this.#metrics.values();
  }
}
