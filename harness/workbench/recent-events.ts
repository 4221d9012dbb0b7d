import type { HistoryEvent } from '../history/events.ts';

/** How long to keep frequent events, in milliseconds. */
export const WINDOW_MS = 120_000;

/** Maximum number of frequent events to keep, which take about 50 MB. */
const MOST = 100_000;

/** Maximum number of rare events to keep, such as breaker transitions. They determine the current state. */
const MOST_TURNS = 1_000;

/** Milliseconds after which an unchanged sample is recorded again. */
const STEADY_MS = 1_000;

const OFTEN: readonly HistoryEvent['type'][] = ['request', 'receipt', 'connections'];
const TURNS: readonly HistoryEvent['type'][] = ['phase', 'fault', 'transition', 'service'];

/** The most recent events in an endless history, in bounded memory. */
export class RecentEvents {
  #often: HistoryEvent[] = [];
  #turns: HistoryEvent[] = [];
  #connections: Extract<HistoryEvent, { type: 'connections' }> | undefined;

  add(event: HistoryEvent): void {
    if (event.type === 'connections' && this.#isKnown(event)) return;
    if (TURNS.includes(event.type)) this.#turns = [...this.#turns, event].slice(-MOST_TURNS);
    if (!OFTEN.includes(event.type)) return;
    this.#often.push(event);
    // Do this only every 1,000 events, because filtering takes linear time.
    if (this.#often.length % 1_000 === 0) {
      const old = event.at - WINDOW_MS;
      this.#often = this.#often.filter(({ at }) => at > old).slice(-MOST);
    }
  }

  /** Returns the events since the given time, and all rare events before it. */
  since(moment: number): HistoryEvent[] {
    return [...this.#turns, ...this.#often.filter(({ at }) => at >= moment)];
  }

  #isKnown(sample: Extract<HistoryEvent, { type: 'connections' }>): boolean {
    const last = this.#connections;
    if (last && last.total === sample.total && last.active === sample.active && sample.at < last.at + STEADY_MS) {
      return true;
    }
    this.#connections = sample;
    return false;
  }
}
