import type { GroupData } from '../vu/group.ts';
import type { MetricSummary, SummaryData } from './summary-data.ts';

/** Formats a run's summary as text: thresholds and checks, followed by one line per metric. */
export function formatSummary(summary: SummaryData): string {
  const thresholds = Object.entries(summary.metrics).flatMap(([name, { thresholds: results = {} }]) =>
    Object.entries(results).map(([expression, { ok }]) => `${mark(ok)} ${name} ${expression}`),
  );
  const width = Math.max(0, ...Object.keys(summary.metrics).map((name) => name.length));
  const metrics = Object.entries(summary.metrics).map(
    ([name, metric]) => `${name.padEnd(width)}  ${formatMetric(metric)}`,
  );
  return [
    section('thresholds', thresholds),
    section('checks', formatChecks(summary.root_group)),
    section('metrics', metrics),
  ].join('');
}

const mark = (ok: boolean): string => (ok ? '✓' : '✗');

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `\n  ${title}\n${lines.map((line) => `    ${line}\n`).join('')}`;

function formatChecks({ groups, checks }: GroupData): string[] {
  return [
    ...checks.map(
      ({ path, passes, fails }) =>
        `${mark(fails === 0)} ${path.slice(2)}${fails === 0 ? '' : `: ${passes} held, ${fails} did not`}`,
    ),
    ...groups.flatMap(formatChecks),
  ];
}

function formatMetric({ type, contains, values }: MetricSummary): string {
  const { rate = 0, passes = 0, fails = 0, count = 0 } = values;
  if (type === 'rate') return `${(rate * 100).toFixed(2)}%  ${passes} of ${passes + fails}`;
  if (type === 'counter') return `${formatValue(count, contains)}  ${formatValue(rate, contains)}/s`;
  return Object.entries(values)
    .map(([name, value]) => `${name}=${name === 'count' ? value : formatValue(value, contains)}`)
    .join('  ');
}

function formatValue(value: number, contains: string): string {
  const digits = Number.isInteger(value) ? String(value) : value.toFixed(2);
  if (contains === 'time') return value >= 1_000 ? `${(value / 1_000).toFixed(2)}s` : `${digits}ms`;
  if (contains === 'data') return value >= 1_000 ? `${(value / 1_000).toFixed(1)} kB` : `${digits} B`;
  return digits;
}
