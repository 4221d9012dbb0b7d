import { formatDuration } from '../base/duration.ts';
import { EngineError } from '../base/errors.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { MetricContents, MetricType, Sink } from '../metrics/sink.ts';
import { type Operator, parseThreshold, type Threshold } from './parse-threshold.ts';

/** A threshold as set in the options. Durations are in milliseconds. */
export interface ThresholdOption {
  readonly expression: string;
  /** Whether to end the test when the threshold is crossed. */
  readonly abortOnFail: boolean;
  /** How long after the start of the test to wait before a crossed threshold can end it. */
  readonly delayAbortEval: number;
}

/** Returns a threshold in the form in which k6 writes it to JSON. */
export const thresholdToJson = ({ expression, abortOnFail, delayAbortEval }: ThresholdOption): unknown =>
  abortOnFail
    ? {
        threshold: expression,
        abortOnFail,
        delayAbortEval: delayAbortEval > 0 ? formatDuration(delayAbortEval) : null,
      }
    : expression;

/** Each sample of these metrics is a failure, so having no samples is a valid result. */
const NONE_IS_A_RESULT = new Set(['dropped_iterations', 'iteration_exceptions']);

export interface JudgedThreshold {
  /** The name of the metric or submetric, for example `http_reqs{status:200}`. */
  readonly selector: string;
  readonly expression: string;
  readonly aggregation: string;
  readonly contains: MetricContents;
  readonly sink: Sink;
  readonly ok: boolean;
  /** Whether there were any samples. Without samples, the result proves nothing. */
  readonly isProved: boolean;
}

interface Entry {
  readonly threshold: Threshold;
  readonly option: ThresholdOption;
  ok: boolean;
}

/** All thresholds of a run, grouped by metric, with their latest results. */
export class ThresholdSet {
  readonly #entries = new Map<string, { contains: MetricContents; sink: Sink; entries: Entry[] }>();

  /**
   * Links thresholds to their metrics and creates the submetrics that they refer to.
   *
   * @throws EngineError INVALID_THRESHOLD for invalid syntax, an unknown metric, or an aggregation that the metric
   * doesn't support
   */
  constructor(options: Readonly<Record<string, readonly ThresholdOption[]>>, registry: MetricRegistry) {
    const parsed = Object.entries(options).map(([selector, list]) => ({
      selector,
      entries: list.map((option) => ({ option, threshold: parseThreshold(option.expression), ok: true })),
    }));
    for (const { selector, entries } of parsed) {
      const target = registry.select(selector);
      if (!target) throw unknownMetric(selector);
      for (const { threshold } of entries) assertApplies(threshold, selector, target.sink.type);
      const others = this.#entries.get(target.name)?.entries ?? [];
      const { contains } = 'metric' in target ? target.metric : target;
      this.#entries.set(target.name, { contains, sink: target.sink, entries: [...others, ...entries] });
    }
  }

  /**
   * Evaluates all thresholds.
   *
   * @param elapsed Milliseconds since the test started.
   * @returns The sorted names of metrics with a crossed threshold, and whether the test has to end now.
   */
  evaluate(elapsed: number): { crossed: string[]; abort: boolean } {
    const crossed: string[] = [];
    let abort = false;
    for (const [selector, { sink, entries }] of this.#entries) {
      for (const entry of entries) {
        entry.ok = evaluateThreshold(entry.threshold, sink, elapsed / 1_000);
        if (!entry.ok && entry.option.abortOnFail && elapsed >= entry.option.delayAbortEval) abort = true;
      }
      if (entries.some(({ ok }) => !ok)) crossed.push(selector);
    }
    return { crossed: crossed.sort(), abort };
  }

  /** All thresholds with their latest results and their metrics' data. */
  get all(): JudgedThreshold[] {
    return [...this.#entries].flatMap(([selector, { contains, sink, entries }]) =>
      entries.map(({ threshold: { expression, aggregation }, ok }) => ({
        selector,
        expression,
        aggregation,
        contains,
        sink,
        ok,
        isProved: !sink.isEmpty || NONE_IS_A_RESULT.has(selector),
      })),
    );
  }

  /** Returns the latest results of a metric's thresholds by expression, or undefined if it has no thresholds. */
  resultsOf(selector: string): Record<string, boolean> | undefined {
    const found = this.#entries.get(selector);
    return found && Object.fromEntries(found.entries.map(({ threshold, ok }) => [threshold.expression, ok]));
  }

  /** Returns a metric's thresholds as they were set. */
  optionsOf(selector: string): ThresholdOption[] {
    return this.#entries.get(selector)?.entries.map(({ option }) => option) ?? [];
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }
}

const unknownMetric = (selector: string): EngineError =>
  new EngineError(
    'INVALID_THRESHOLD',
    `invalid threshold defined on ${selector}; reason: no metric name ${JSON.stringify(selector)} found`,
  );

/** The aggregations that k6 allows for each metric type. */
const AGGREGATIONS: Record<MetricType, readonly string[]> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'min', 'max', 'med', 'p'],
};

/**
 * Rejects a threshold whose aggregation is not supported by the metric's type.
 *
 * @param metric The metric's name, for the error message.
 * @throws EngineError INVALID_THRESHOLD
 */
function assertApplies(threshold: Threshold, metric: string, type: MetricType): void {
  const aggregation = threshold.aggregation.startsWith('p(') ? 'p' : threshold.aggregation;
  const supported = AGGREGATIONS[type];
  if (supported.includes(aggregation)) return;
  throw new EngineError(
    'INVALID_THRESHOLD',
    `invalid threshold ${JSON.stringify(threshold.expression)} applied on metric ${metric}; reason: unsupported aggregation method ${aggregation} on metric of type ${type}. supported aggregation methods for this metric are: ${supported.join(', ')}`,
  );
}

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
