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
 * Whether what a sink holds meets a threshold. As in k6, a Rate without samples meets any, and every other metric
 * without samples is judged as 0 (golden record 07).
 *
 * @param seconds How long the test has run, for rates per second.
 */
export function evaluateThreshold(threshold: Threshold, sink: Sink, seconds: number): boolean {
  if (sink.type === 'rate' && sink.isEmpty) return true;
  const observed = sink.aggregate(threshold.aggregation, seconds);
  return observed !== undefined && COMPARE[threshold.operator](observed, threshold.value);
}
