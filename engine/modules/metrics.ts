import { GoError } from '../base/errors.ts';
import { goText } from '../base/go-format.ts';
import type { Metric } from '../metrics/metric.ts';
import type { MetricType } from '../metrics/sink.ts';
import { toTags } from '../metrics/tags.ts';
import type { Vu } from '../vu/vu.ts';

/** Implements `k6/metrics`. */
export function createMetricsModule(vu: Vu): object {
  return {
    Counter: metricClass(vu, 'counter'),
    Gauge: metricClass(vu, 'gauge'),
    Rate: metricClass(vu, 'rate'),
    Trend: metricClass(vu, 'trend'),
  };
}

/** Creates a constructor of objects that record a named metric that all VUs share (golden records 03 and 04). */
function metricClass(vu: Vu, type: MetricType): object {
  function Metric(given: unknown, isTime?: unknown): object {
    if (vu.phase !== 'init') throw new GoError('metrics must be declared in the init context');
    const name = goText(given);
    const metric = vu.test.registry.declare(name, type, isTime ? 'time' : 'default');
    const add = (...args: unknown[]) => addSample(vu, metric, args);
    return Object.assign(Object.defineProperty({}, 'name', { value: name, enumerable: true }), { add });
  }
  return Metric;
}

/** @returns Whether the value was accepted. */
function addSample(vu: Vu, metric: Metric, args: readonly unknown[]): boolean {
  if (vu.phase === 'init') throw new GoError('Adding to metrics in the init context is not supported');
  const { collector, logger, options } = vu.test;
  const [given, tags] = args;
  const value = toValue(given);
  if (Number.isNaN(value)) {
    const what = args.length === 0 ? 'no value was provided for' : `'${String(given)}' is an invalid value for`;
    const refusal = `${what} metric '${metric.name}', a number or a boolean value is expected`;
    if (options.throw) throw new GoError(refusal);
    logger.log('warning', refusal);
    return false;
  }
  const isChecks = metric.name === 'checks';
  const own = toTags(tags, `cannot add tags for the '${metric.name}' custom metric: `);
  const all = isChecks || collector.readsTags(metric) ? { ...vu.tags.current, ...own } : own;
  collector.add(metric, value, all, vu.tags.metadata);
  // Libraries implement their own `check()` by declaring k6's metric again.
  if (isChecks && all.check !== undefined) vu.group.count(all.check, value !== 0);
  return true;
}

/** Converts a value to a number as k6 does: what is 0 as a number but true as a condition, such as `[]`, is 1. */
function toValue(given: unknown): number {
  if (given === null) return Number.NaN;
  if (typeof given === 'bigint') throw new TypeError('Cannot convert a BigInt value to a number');
  const value = Number(given);
  return value === 0 && given ? 1 : value;
}
