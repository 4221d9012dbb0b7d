import type { HistoryEvent } from '../history/events.ts';

/** Milliseconds for which events that come often are kept. */
export const WINDOW_MS = 120_000;

/** As many of these are kept at most, whatever the load: about 50 MB. */
const MOST = 100_000;

/** Events that come seldom, such as a breaker's transitions, tell what is so now: the last so many are kept. */
const MOST_TURNS = 1_000;

/** Milliseconds after which a sample that tells nothing new is kept all the same. */
const STEADY_MS = 1_000;

const OFTEN: readonly HistoryEvent['type'][] = ['request', 'receipt', 'connections'];
const TURNS: readonly HistoryEvent['type'][] = ['phase', 'fault', 'transition', 'service'];

/** The newest part of a history that goes on and on, in a memory that is bounded. */
export class RecentEvents {
  #often: HistoryEvent[] = [];
  #turns: HistoryEvent[] = [];
  #connections: Extract<HistoryEvent, { type: 'connections' }> | undefined;

  add(event: HistoryEvent): void {
    if (event.type === 'connections' && this.#isKnown(event)) return;
    if (TURNS.includes(event.type)) this.#turns = [...this.#turns, event].slice(-MOST_TURNS);
    if (!OFTEN.includes(event.type)) return;
    this.#often.push(event);
    // Not each time: it costs as much as there are.
    if (this.#often.length % 1_000 === 0) {
      const old = event.at - WINDOW_MS;
      this.#often = this.#often.filter(({ at }) => at > old).slice(-MOST);
    }
  }

  /** What happened from a moment on, and the turns before it. */
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
