import type { Sink } from '../metrics/sink.ts';
import type { Operator, Threshold } from './parse-threshold.ts';

const COMPARE: Record<Operator, (left: number, right: number) => boolean> = {
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '==': (left, right) => left === right,
  '===': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

/**
 * Whether a sink's values meet a threshold. As in k6, a Rate without samples meets every threshold, and any other
 * metric without samples has the value 0 (golden record 07).
 *
 * @param seconds The duration of the test, for rates per second.
 */
export function evaluateThreshold(threshold: Threshold, sink: Sink, seconds: number): boolean {
  if (sink.type === 'rate' && sink.isEmpty) return true;
  const observed = sink.aggregate(threshold.aggregation, seconds);
  return observed !== undefined && COMPARE[threshold.operator](observed, threshold.value);
}
