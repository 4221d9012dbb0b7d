import { now } from '../base/clock.ts';
import type { HistoryEvent } from './events.ts';
import type { History } from './history.ts';
import { isBySource, type Numbers, recordedSeries, type Series, type SourceSeries, seriesOf } from './series.ts';

/**
 * Adds events to a history, and numbers them, so that a missing event can be noticed. Receipts and phases keep the
 * numbers from their sources.
 *
 * Handwritten histories don't need numbers: only the `record-complete` checker reads them.
 */
export class Recording {
  readonly #history: Pick<History, 'add'>;
  readonly #last = new Map<Series, number>();
  #ofSources: Partial<Record<SourceSeries, Numbers>> = {};

  constructor(history: Pick<History, 'add'>) {
    this.#history = history;
  }

  add = (event: HistoryEvent): void => {
    const series = seriesOf(event);
    if (series === undefined || isBySource(series)) this.#history.add(event);
    else this.#history.add({ ...event, n: this.#next(series) } as HistoryEvent);
  };

  /** Records which numbers the sources have assigned. Without them, missing events can't be detected. */
  tell(numbers: Readonly<Record<SourceSeries, Numbers>>): void {
    this.#ofSources = numbers;
  }

  /** Adds the end of the record, after everything else. */
  end(): void {
    const recorded = recordedSeries().map((of) => ({ of, first: 1, last: this.#last.get(of) ?? 0 }));
    const ofSources = Object.entries(this.#ofSources).map(([of, numbers]) => ({ of, ...numbers }));
    this.#history.add({ type: 'end', at: now(), series: [...recorded, ...ofSources] });
  }

  #next(series: Series): number {
    const n = (this.#last.get(series) ?? 0) + 1;
    this.#last.set(series, n);
    return n;
  }
}
