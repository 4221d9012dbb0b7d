import { count } from '../../base/in-words.ts';
import type { HistoryEvent } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type Numbers, numberOf, SERIES, type Series, seriesOf } from '../../history/series.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { secondsBetween } from '../lib/request-times.ts';

/** Maximum number of gaps to list. */
const SHOWN = 10;

/**
 * Checks that no event is missing from the record. The events of each series are numbered: receipts and phases by their
 * sources, and all others when they are recorded. The end of the record has the first and the last number of each
 * series. An event that is missing or recorded twice makes the record unreliable, and so does a service's log that was
 * truncated or replaced while it was being read.
 *
 * A record without an end, or whose end lacks a series, may miss any number of events.
 */
export const recordComplete: BuiltInChecker = {
  name: 'record-complete',
  usually:
    'The run was ended before all events were collected, a source has lost some of them, or the file was changed afterwards.',
  fix: 'Run the scenario again. If it happens again, lower the load or the number of scenarios at once: the evidence says which events are missing.',
  noDefect: 'judges the record: it makes a run INCONCLUSIVE and never blames the service',
  cases: () => [{ check: 'record complete', promises: [] }],
  judge(history) {
    const series = numbersIn(history);
    const [end] = history.all('end');
    const ends = new Map(end?.series.map(({ of, first, last }) => [of, { first, last }]));
    const found = Object.keys(SERIES).map((of) => lookAt(of as Series, series.get(of as Series) ?? [], ends.get(of)));
    const judged = { check: 'record complete', expected: 'every event, from the first to the last of each kind' };
    const [from = 0] = history.inOrder().map(({ at }) => at);
    const unread = history.all('service').flatMap(({ problem }) => problem ?? []);
    const missing = found.flatMap(({ gaps, twice }) => [...gaps.map((gap) => inWords(gap, from)), ...twice]);
    const wrong = [...missing, ...unread];
    const uncountedTitles = found.flatMap(({ isCounted, title }) => (isCounted ? [] : title));
    const uncounted = end ? uncountedTitles.map((title) => `the ${title} were not counted`) : ['the record has no end'];
    const [observed, ...others] = [...wrong, ...uncounted];
    if (observed === undefined) {
      return [
        {
          ...judged,
          observed: count(
            found.reduce((sum, { due }) => sum + due, 0),
            'event',
          ),
          verdict: 'PASS',
        },
      ];
    }
    const more = others.length - SHOWN;
    const evidence = [...others.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])];
    return [
      {
        ...judged,
        observed,
        verdict: 'INCONCLUSIVE',
        ...(evidence.length > 0 && { evidence }),
        ...(wrong.length > 0 && { voids: 'everything' }),
      },
    ];
  },
};

/** An event with its number. */
interface Numbered {
  readonly number: number;
  readonly event: HistoryEvent;
}

/** Returns the events of each series, sorted by their numbers. */
function numbersIn(history: History): Map<Series, Numbered[]> {
  const series = new Map<Series, Numbered[]>();
  for (const event of history.inOrder()) {
    const [of, number] = [seriesOf(event), numberOf(event)];
    if (of === undefined || number === undefined) continue;
    const numbered = series.get(of) ?? [];
    series.set(of, numbered);
    numbered.push({ number, event });
  }
  for (const numbered of series.values()) numbered.sort((a, b) => a.number - b.number);
  return series;
}

/** Successive events that are missing, between two that are present. */
interface Gap extends Numbers {
  readonly title: string;
  /** The numbers that the series has. */
  readonly of: Numbers;
  readonly before: HistoryEvent | undefined;
  readonly after: HistoryEvent | undefined;
}

/**
 * Finds missing events in a series. `told` is absent if the series was not counted: then only gaps between its events
 * are found.
 */
function lookAt(series: Series, numbered: readonly Numbered[], numbers: Numbers | undefined) {
  const title = SERIES[series];
  const of = numbers ?? { first: numbered[0]?.number ?? 1, last: numbered.at(-1)?.number ?? 0 };
  const gaps: Gap[] = [];
  const twice: string[] = [];
  let before: Numbered | undefined;
  const expect = (next: number, after: HistoryEvent | undefined) => {
    const first = before === undefined ? of.first : before.number + 1;
    const last = Math.min(next - 1, of.last);
    if (first <= last) gaps.push({ title, first, last, of, before: before?.event, after });
  };
  for (const entry of numbered) {
    if (entry.number === before?.number) twice.push(`${title}: number ${entry.number} appears twice`);
    else expect(entry.number, entry.event);
    before = entry;
  }
  expect(Number.POSITIVE_INFINITY, undefined);
  return { title, gaps, twice, isCounted: numbers !== undefined, due: Math.max(0, of.last - of.first + 1) };
}

/** Describes which events are missing, and when they must have happened. */
function inWords({ title, first, last, of, before, after }: Gap, from: number): string {
  const missing = first === last ? `number ${first}` : `numbers ${first} to ${last}`;
  const seconds = ({ at }: HistoryEvent) => `${secondsBetween(from, at).toFixed(2)} s`;
  const times = [...(before ? [`after ${seconds(before)}`] : []), ...(after ? [`before ${seconds(after)}`] : [])];
  const when = times.length > 0 ? `, ${times.join(' and ')}` : '';
  return `${title}: ${missing} of ${of.first} to ${of.last} missing${when}`;
}
