import type { HistoryEvent } from '../history/events.ts';

/** Milliseconds for which frequent events are kept. */
export const WINDOW_MS = 120_000;

/** The most frequent events to keep: about 50 MB. */
const MOST = 100_000;

/** The most rare events to keep, such as the transitions of a breaker. They determine the current state. */
const MOST_TURNS = 1_000;

/** Milliseconds after which an unchanged sample is kept anyway. */
const STEADY_MS = 1_000;

const OFTEN: readonly HistoryEvent['type'][] = ['request', 'receipt', 'connections'];
const TURNS: readonly HistoryEvent['type'][] = ['phase', 'fault', 'transition', 'service'];

/** The newest events of an endless history, in bounded memory. */
export class RecentEvents {
  #often: HistoryEvent[] = [];
  #turns: HistoryEvent[] = [];
  #connections: Extract<HistoryEvent, { type: 'connections' }> | undefined;

  add(event: HistoryEvent): void {
    if (event.type === 'connections' && this.#isKnown(event)) return;
    if (TURNS.includes(event.type)) this.#turns = [...this.#turns, event].slice(-MOST_TURNS);
    if (!OFTEN.includes(event.type)) return;
    this.#often.push(event);
    // Only every 1000 events, because filtering is linear.
    if (this.#often.length % 1_000 === 0) {
      const old = event.at - WINDOW_MS;
      this.#often = this.#often.filter(({ at }) => at > old).slice(-MOST);
    }
  }

  /** Returns the events since a moment, and all rare events before it. */
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
