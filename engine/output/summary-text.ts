import { styleText } from 'node:util';
import type { JudgedThreshold } from '../thresholds/threshold-set.ts';
import type { CheckCounts, MetricSummary, SummarySection } from './summary-data.ts';
import type { SummaryParts } from './summary-sections.ts';

/** The content of a summary's text. */
export interface SummaryContent {
  readonly thresholds: readonly JudgedThreshold[];
  readonly total: SummarySection;
  /** Only in full mode. */
  readonly parts: SummaryParts | undefined;
  /** How long the test ran, in seconds. */
  readonly seconds: number;
  /** The option `summaryTimeUnit`. */
  readonly timeUnit: string;
  readonly color: boolean;
}

type Entry = readonly [name: string, metric: MetricSummary];

/** Metrics are listed under the first title with a prefix of their name, otherwise under CUSTOM, which comes first. */
const TITLES: Readonly<Record<string, readonly string[]>> = {
  CUSTOM: [],
  HTTP: [
    'http_reqs',
    ...['failed', 'duration', 'blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving'].map(
      (part) => `http_req_${part}`,
    ),
  ],
  EXECUTION: ['vus', 'iterations', 'iteration_duration', 'dropped_iterations'],
  NETWORK: ['data_sent', 'data_received'],
  WEBSOCKET: ['ws_'],
};

/** Metrics that are shown in another form, and those that only the full mode shows. */
const NEVER = /^(checks|group_duration)(\{|$)/;
const DETAILS = /^http_req_(blocked|connecting|tls_handshaking|sending|waiting|receiving)(\{|$)/;

/** Formats the end-of-test summary in the layout of k6 v2. */
export function formatSummary(content: SummaryContent): string {
  const text = new Text(content);
  const titled = (title: string, lines: readonly string[]) => [text.title('█', title, 0), '', ...lines, ''];
  const { thresholds, total, parts } = content;
  const lines = [
    ...(thresholds.length > 0 ? titled('THRESHOLDS', text.thresholds(thresholds)) : []),
    ...titled('TOTAL RESULTS', text.section(total, 0)),
    ...[...(parts?.groups ?? [])].flatMap(([name, group]) => titled(`GROUP: ${name}`, text.section(group, 0))),
    ...[...(parts?.scenarios ?? [])]
      .sort(([a], [b]) => a.localeCompare(b))
      .flatMap(([name, scenario]) => titled(`SCENARIO: ${name}`, text.section(scenario, 0))),
  ];
  return `\n\n${lines.join('\n')}\n\n`;
}

/** Formats the parts of a summary as lines. `depth` is the number of groups around a part. */
class Text {
  readonly #content: SummaryContent;

  constructor(content: SummaryContent) {
    this.#content = content;
  }

  title(mark: string, title: string, depth: number): string {
    return `${indent(depth + 1)}${mark} ${this.#paint('bold', title)} `;
  }

  thresholds(all: readonly JudgedThreshold[]): string[] {
    const selectors = byName([...new Set(all.map(({ selector }) => selector))].map((name) => [name]));
    return selectors.flatMap(([selector]) => {
      const [parent = ''] = selector.split('{', 1);
      const isBelow = selector !== parent && selectors.some(([name]) => name === parent);
      const space = indent(isBelow ? 3 : 2);
      const own = all.filter((threshold) => threshold.selector === selector);
      return [
        `${space}${isBelow ? selector.slice(parent.length) : selector}`,
        ...own.map((each) => space + this.#threshold(each)),
        '',
      ];
    });
  }

  section({ checks, metrics, groups }: SummarySection, depth: number): string[] {
    const hidden = this.#content.parts ? [NEVER] : [NEVER, DETAILS];
    const shown = Object.entries(metrics).filter(([name]) => !hidden.some((pattern) => pattern.test(name)));
    const cells = this.#cells(shown);
    const listed = Object.keys(TITLES).flatMap((title) => {
      const own = byName(shown.filter(([name]) => titleOf(name) === title));
      if (own.length === 0) return [];
      return [
        indent(depth + 2) + this.#paint('bold', title),
        ...own.map((entry) => indent(depth + 2) + cells(entry)),
        '',
      ];
    });
    const nested = [...groups].flatMap(([name, group]) => [
      this.title('↳', `GROUP: ${name}`, depth + 1),
      '',
      ...this.section(group, depth + 1),
    ]);
    return [...(metrics.checks ? this.#checks(metrics.checks, checks, depth) : []), ...listed, ...nested];
  }

  #threshold({ expression, aggregation, sink, contains, ok }: JudgedThreshold): string {
    const { seconds, timeUnit } = this.#content;
    const value = sink.aggregate(aggregation, seconds) ?? 0;
    const text =
      aggregation === 'count' && sink.type === 'trend'
        ? String(value)
        : humanize(value, { type: sink.type, contains }, timeUnit);
    const perSecond = sink.type === 'counter' && aggregation === 'rate' ? '/s' : '';
    const mark = ok ? this.#paint('green', '✓') : this.#paint('red', '✗');
    return `${mark} '${expression.trim()}' ${aggregation}=${this.#paint('cyan', text + perSecond)}`;
  }

  #checks({ values }: MetricSummary, checks: readonly CheckCounts[], depth: number): string[] {
    const { passes = 0, fails = 0 } = values;
    const all = passes + fails;
    const rate = (part: number) => ({
      type: 'rate',
      contains: 'default',
      values: { rate: all > 0 ? part / all : 0, passes: part, fails: all - part },
    });
    const total = { type: 'counter', contains: 'default', values: { count: all, rate: all / this.#content.seconds } };
    const entries: Entry[] = [
      ['checks_total', total],
      ['checks_succeeded', rate(passes)],
      ['checks_failed', rate(fails)],
    ];
    const cells = this.#cells(entries);
    return [
      ...entries.map((entry) => indent(depth + 2) + cells(entry)),
      '',
      ...checks.flatMap((check) => this.#check(check, depth)),
      '',
    ];
  }

  #check({ name, passes, fails }: CheckCounts, depth: number): string[] {
    if (fails === 0) return [indent(depth + 2) + this.#paint('green', `✓ ${name}`)];
    const percent = Math.floor((100 * passes) / (passes + fails));
    return [
      indent(depth + 2) + this.#paint('red', `✗ ${name}`),
      indent(2 * depth + 3) + this.#paint('red', `↳  ${percent}% — ✓ ${passes} / ✗ ${fails}`),
    ];
  }

  /** Returns a function that formats a metric in a line. The columns of all given metrics are aligned. */
  #cells(entries: readonly Entry[]): (entry: Entry) => string {
    const cellsOf = ([, metric]: Entry) => this.#values(metric);
    const isTrend = ([, { type }]: Entry) => type === 'trend';
    const nameWidth = Math.max(...entries.map(([name]) => width(displayed(name))));
    const trends = widths(entries.filter(isTrend).map(cellsOf));
    const others = widths(entries.filter((entry) => !isTrend(entry)).map(cellsOf));
    return (entry) => {
      const [name, { values }] = entry;
      const cells = cellsOf(entry);
      const dots = this.#paint('dim', `${'.'.repeat(nameWidth - width(displayed(name)) + 3)}:`);
      const shown = isTrend(entry)
        ? cells.map((cell, nth) => `${Object.keys(values)[nth]}=${this.#padded(cell, trends[nth], 'cyan')}`)
        : cells.map((cell, nth) =>
            nth === 0
              ? this.#padded(cell, others[nth], 'cyan')
              : this.#padded(cell, cells.length > 2 ? others[nth] : 0, ['cyan', 'dim']),
          );
      return `${displayed(name)}${dots} ${shown.join(' ')}`;
    };
  }

  /** The values of a metric: all statistics of a Trend, otherwise the main value and additional ones. */
  #values(metric: MetricSummary): string[] {
    const { values, type } = metric;
    const show = (value = 0) => humanize(value, metric, this.#content.timeUnit);
    const { count, rate, value, min, max, passes = 0, fails = 0 } = values;
    if (type === 'counter') return [show(count), `${show(rate)}/s`];
    if (type === 'gauge') return [show(value), `min=${show(min)}`, `max=${show(max)}`];
    if (type === 'rate') return [show(rate), `${passes} out of ${passes + fails}`];
    return Object.entries(values).map(([name, each]) => (name === 'count' ? String(each) : show(each)));
  }

  #padded(cell: string, to = 0, style: Style): string {
    return this.#paint(style, cell) + ' '.repeat(Math.max(0, to - width(cell)));
  }

  #paint(style: Style, text: string): string {
    return this.#content.color ? styleText(style, text, { validateStream: false }) : text;
  }
}

type Style = Parameters<typeof styleText>[0];

const indent = (level: number): string => '  '.repeat(level);

/** The width of a text in a terminal. */
const width = (text: string): number => [...text.normalize('NFKC')].length;

/** The width of each column. */
function widths(rows: readonly (readonly string[])[]): number[] {
  const columns: number[] = [];
  for (const row of rows) {
    for (const [nth, cell] of row.entries()) columns[nth] = Math.max(columns[nth] ?? 0, width(cell));
  }
  return columns;
}

const titleOf = (name: string): string =>
  Object.keys(TITLES).find((title) => TITLES[title]?.some((prefix) => name.startsWith(prefix))) ?? 'CUSTOM';

/** A submetric is shown below its metric, without its name. */
const displayed = (name: string): string => {
  const open = name.indexOf('{');
  return open < 0 ? name : `  { ${name.slice(open + 1, -1)} }`;
};

/** Sorts by name. Submetrics follow their metric. */
const byName = <Named extends readonly [name: string, ...unknown[]]>(entries: readonly Named[]): Named[] =>
  [...entries].sort(([a], [b]) => {
    const [[left = ''], [right = '']] = [a.split('{', 1), b.split('{', 1)];
    return left.localeCompare(right) || a.slice(left.length).localeCompare(b.slice(right.length));
  });

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
function humanize(
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
