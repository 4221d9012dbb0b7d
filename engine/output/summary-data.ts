import type { Metric } from '../metrics/metric.ts';
import { type Sink, summaryNames } from '../metrics/sink.ts';
import type { ThresholdSet } from '../thresholds/threshold-set.ts';
import type { GroupData } from '../vu/group.ts';
import type { Test } from '../vu/test.ts';

/** A metric or submetric in a summary. */
export interface MetricSummary {
  readonly type: string;
  readonly contains: string;
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { ok: boolean }>>;
}

/** A check in a summary, and how often it held. */
export interface CheckCounts {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** The results of the whole test, of a scenario or of a group. */
export interface SummarySection {
  readonly checks: readonly CheckCounts[];
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  readonly groups: ReadonlyMap<string, SummarySection>;
}

/** The argument of `handleSummary()` (golden record 34). */
export interface SummaryData {
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  readonly root_group: GroupData;
  readonly options: { summaryTrendStats: readonly string[]; summaryTimeUnit: string; noColor: boolean };
  readonly state: { isStdOutTTY: boolean; isStdErrTTY: boolean; testRunDurationMs: number };
  readonly setup_data?: unknown;
}

/**
 * Summarizes a run: all metrics that have samples or thresholds, sorted by name.
 *
 * @param duration How long the test ran, in milliseconds.
 * @param setupData The data that setup returned, as JSON, if any.
 */
export function summarize(
  test: Test,
  thresholds: ThresholdSet,
  given: { duration: number; setupData: string | undefined; noColor: boolean },
): SummaryData {
  const { options } = test;
  const rows = [...test.registry].flatMap((metric): [string, MetricSummary][] =>
    [metric, ...metric.submetrics].flatMap((source) => {
      const results = thresholds.resultsOf(source.name);
      // k6 also shows a metric without samples if one of its submetrics has thresholds.
      const isShown =
        results ?? (source === metric && metric.submetrics.some(({ name }) => thresholds.resultsOf(name)));
      if (source.sink.isEmpty && !isShown) return [];
      const summary = summarizeSink(metric, source.sink, options.summaryTrendStats, given.duration / 1_000);
      return [[source.name, results ? { ...summary, thresholds: toResults(results) } : summary]];
    }),
  );
  return {
    metrics: Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1))),
    root_group: test.rootGroup.toData(),
    options: {
      summaryTrendStats: options.summaryTrendStats,
      summaryTimeUnit: options.summaryTimeUnit,
      noColor: given.noColor,
    },
    state: {
      isStdOutTTY: process.stdout.isTTY === true,
      isStdErrTTY: process.stderr.isTTY === true,
      testRunDurationMs: given.duration,
    },
    ...(given.setupData !== undefined && { setup_data: JSON.parse(given.setupData) }),
  };
}

/** @param seconds The duration of the test, for rates per second. */
export function summarizeSink(
  { type, contains }: Pick<Metric, 'type' | 'contains'>,
  sink: Sink,
  trendStats: readonly string[],
  seconds: number,
): MetricSummary {
  const values = summaryNames(type, trendStats).map((name) => [name, sink.aggregate(name, seconds) ?? 0]);
  return { type, contains, values: Object.fromEntries(values) };
}

const toResults = (results: Readonly<Record<string, boolean>>): Record<string, { ok: boolean }> =>
  Object.fromEntries(Object.entries(results).map(([expression, ok]) => [expression, { ok }]));
