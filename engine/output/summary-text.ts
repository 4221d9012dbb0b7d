import { styleText } from 'node:util';
import type { JudgedThreshold } from '../thresholds/threshold-set.ts';
import { humanize } from './humanize.ts';
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
