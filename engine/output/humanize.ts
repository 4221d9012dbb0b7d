import type { MetricSummary } from './summary-data.ts';

/** The units of the option `summaryTimeUnit`, with the factor that converts milliseconds to them. */
const TIME_UNITS: Readonly<Record<string, readonly [factor: number, symbol: string]>> = {
  s: [0.001, 's'],
  ms: [1, 'ms'],
  us: [1_000, 'µs'],
};

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

/**
 * Formats a value of a metric as k6's summary does.
 *
 * @param timeUnit The option `summaryTimeUnit`. Times have a suitable unit each if it is empty.
 */
export function humanize(
  value: number,
  { type, contains }: Pick<MetricSummary, 'type' | 'contains'>,
  timeUnit: string,
): string {
  if (type === 'rate') return `${truncate(value * 100, 2).toFixed(2)}%`;
  if (contains === 'data') return humanizeBytes(value);
  if (contains === 'time') return humanizeTime(value, timeUnit);
  return String(Number(value.toFixed(6)));
}

function humanizeBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const power = Math.floor(Math.log(bytes) / Math.log(1_000));
  const scaled = Math.floor((bytes / 1_000 ** power) * 10 + 0.5) / 10;
  return `${scaled.toFixed(scaled < 10 ? 1 : 0)} ${BYTE_UNITS[power]}`;
}

function humanizeTime(ms: number, timeUnit: string): string {
  const unit = TIME_UNITS[timeUnit];
  if (unit) return `${(ms * unit[0]).toFixed(2)}${unit[1]}`;
  if (ms === 0) return '0s';
  if (ms < 0.001) return `${Math.trunc(ms * 1e6)}ns`;
  if (ms < 1) return `${truncate(ms * 1_000, 2)}µs`;
  if (ms < 1_000) return `${truncate(ms, 2)}ms`;
  const seconds = `${truncate((ms % 60_000) / 1_000, ms > 60_000 ? 0 : 2)}s`;
  const minutes = Math.trunc(ms / 60_000);
  if (minutes < 1) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.trunc(minutes / 60)}h${minutes % 60}m${seconds}`;
}

/** Cuts off decimals without rounding. */
const truncate = (value: number, digits: number): number => Math.trunc(value * 10 ** digits) / 10 ** digits;
