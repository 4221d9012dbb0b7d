import { EngineError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { Sink } from '../metrics/sink.ts';
import { assertApplies } from './applies-to.ts';
import { evaluateThreshold } from './evaluate-threshold.ts';
import { parseThreshold, type Threshold } from './parse-threshold.ts';

/** A threshold as options give it. Durations in milliseconds. */
export interface ThresholdOption {
  readonly expression: string;
  /** Whether the test ends as soon as it is crossed. */
  readonly abortOnFail: boolean;
  /** For how long after the start a crossing does not yet end the test. */
  readonly delayAbortEval: number;
}

/** Of these each sample is something that went wrong: to have none says as much as any number. */
const NONE_IS_A_RESULT = new Set(['dropped_iterations', 'iteration_exceptions']);

export interface JudgedThreshold {
  /** The metric, or the part of one: `http_reqs{status:200}`. */
  readonly selector: string;
  readonly expression: string;
  readonly sink: Sink;
  readonly ok: boolean;
  /** false where there was nothing to judge, so that whatever is said of it rests on nothing. */
  readonly isProved: boolean;
}

interface Entry {
  readonly threshold: Threshold;
  readonly option: ThresholdOption;
  ok: boolean;
}

/** All thresholds of a run, by metric, and whether each held when it was last looked at. */
export class ThresholdSet {
  readonly #entries = new Map<string, { sink: Sink; entries: Entry[] }>();

  /**
   * Binds thresholds to their metrics, and makes the submetrics that they name.
   *
   * @throws EngineError INVALID_THRESHOLD for bad syntax, an unknown metric, or an aggregation that it does not have.
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
      this.#entries.set(selector, { sink: target.sink, entries });
    }
  }

  /**
   * Looks at every threshold.
   *
   * @param elapsed Milliseconds since the test began.
   * @returns The metrics with one that is crossed, sorted, and whether one of those asks to end the test now.
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

  /** Every threshold, with what its metric holds and whether it held when it was last looked at. */
  get all(): JudgedThreshold[] {
    return [...this.#entries].flatMap(([selector, { sink, entries }]) =>
      entries.map(({ threshold: { expression }, ok }) => ({
        ...{ selector, expression, sink, ok },
        isProved: !sink.isEmpty || NONE_IS_A_RESULT.has(selector),
      })),
    );
  }

  /** Whether each threshold of a metric held, by expression; undefined where it has none. */
  resultsOf(selector: string): Record<string, boolean> | undefined {
    const found = this.#entries.get(selector);
    return found && Object.fromEntries(found.entries.map(({ threshold, ok }) => [threshold.expression, ok]));
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }
}

const unknownMetric = (selector: string): EngineError =>
  new EngineError(
    'INVALID_THRESHOLD',
    `invalid threshold defined on ${selector}; reason: no metric name ${JSON.stringify(selector)} found`,
    EXIT_CODES.invalidOptions,
  );
