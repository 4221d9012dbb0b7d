import { callable } from '../base/callable.ts';
import { GoError } from '../base/errors.ts';
import type { Metric } from '../metrics/metric.ts';
import type { MetricType } from '../metrics/sink.ts';
import { toTags } from '../metrics/tags.ts';
import type { Vu } from '../vu/vu.ts';

/** Implements `k6/metrics`. */
export function createMetricsModule(vu: Vu): object {
  return {
    Counter: callable(metricClass(vu, 'counter')),
    Gauge: callable(metricClass(vu, 'gauge')),
    Rate: callable(metricClass(vu, 'rate')),
    Trend: callable(metricClass(vu, 'trend')),
  };
}

/** Creates a class whose instances record a named metric that all VUs share (golden records 03 and 04). */
const metricClass = (vu: Vu, type: MetricType) =>
  class {
    readonly name: string;
    readonly #metric: Metric;

    constructor(name = '', isTime = false) {
      if (vu.phase !== 'init') throw new GoError('metrics must be declared in the init context');
      this.#metric = vu.test.registry.declare(name, type, isTime ? 'time' : 'default');
      this.name = name;
    }

    /** @returns Whether the value was accepted. */
    add(given: unknown, tags?: unknown): boolean {
      if (vu.phase === 'init') throw new GoError('metrics can only be added to outside of the init context');
      const value = toValue(given);
      if (value === undefined) {
        const refusal = `'${String(given)}' is an invalid value for metric '${this.name}', a number or a boolean value is expected`;
        if (vu.test.options.throw) throw new GoError(refusal);
        vu.test.logger.log('warning', refusal);
        return false;
      }
      const { collector } = vu.test;
      const isChecks = this.name === 'checks';
      const own = toTags(tags);
      const all = isChecks || collector.readsTags(this.#metric) ? { ...vu.tags.current, ...own } : own;
      collector.add(this.#metric, value, all, vu.tags.metadata);
      // Libraries implement their own `check()` by declaring k6's metric again.
      if (isChecks && all.check !== undefined) vu.group.count(all.check, value !== 0);
      return true;
    }
  };

/** Accepts numbers, booleans and numeric strings. */
function toValue(given: unknown): number | undefined {
  if (given === null || (typeof given === 'string' && given.trim() === '')) return undefined;
  if (typeof given === 'object' || given === undefined) return undefined;
  const value = Number(given);
  return Number.isFinite(value) ? value : undefined;
}
