import type { HistoryEvent, PhaseEvent } from './events.ts';
import { tells } from './tells.ts';

type OfType<Type extends HistoryEvent['type']> = Extract<HistoryEvent, { type: Type }>;

/** One record of all that happened in a scenario. */
export class History {
  readonly #events: HistoryEvent[];
  readonly #onAdd: (event: HistoryEvent) => void;

  /** @param onAdd Hears of every event that is added from now on. */
  constructor(events: Iterable<HistoryEvent> = [], onAdd: (event: HistoryEvent) => void = () => {}) {
    this.#events = [...events];
    this.#onAdd = onAdd;
  }

  add = (event: HistoryEvent): void => {
    this.#events.push(event);
    this.#onAdd(event);
  };

  /** All events of a type, in the order of their times. */
  all<Type extends HistoryEvent['type']>(type: Type): OfType<Type>[] {
    return this.#events.filter((event): event is OfType<Type> => event.type === type).sort((a, b) => a.at - b.at);
  }

  /** Requests whose tags hold all of those given, and that tell something of the service: see `tells`. */
  requests(tags: Record<string, string>): OfType<'request'>[] {
    return this.sent(tags).filter(tells);
  }

  /** The same, with those that tell nothing: how many were sent, and when. */
  sent(tags: Record<string, string>): OfType<'request'>[] {
    return this.all('request').filter((request) => hasTags(request.tags, tags));
  }

  /** Values of a script's metric, of those samples whose tags hold all of those given. */
  metric(name: string, tags: Record<string, string> = {}): OfType<'metric'>[] {
    return this.all('metric').filter(({ metric, tags: has }) => metric === name && hasTags(has, tags));
  }

  /** Requests that arrived at an upstream while a phase lasted: told by their number, so that no clock decides. */
  receiptsIn(phase: string, upstream: string): OfType<'receipt'>[] {
    return this.#arrivals(phase, upstream, 'request');
  }

  /** TLS handshakes that failed at an upstream while a phase lasted. */
  failedHandshakesIn(phase: string, upstream: string): OfType<'receipt'>[] {
    return this.#arrivals(phase, upstream, 'handshake-failed');
  }

  /** Receipts of the database that begin while a phase lasts. Its proxy numbers its own: their times tell. */
  databaseReceiptsIn(phase: string, kind: OfType<'receipt'>['kind']): OfType<'receipt'>[] {
    const { at = Number.POSITIVE_INFINITY, until = at } = this.phase(phase) ?? {};
    return this.all('receipt').filter(
      (receipt) => receipt.upstream === 'database' && receipt.kind === kind && receipt.at >= at && receipt.at < until,
    );
  }

  /** A phase and when it ended: at the next one's beginning, or never. Undefined where it was never begun. */
  phase(name: string): (PhaseEvent & { until: number }) | undefined {
    const phases = this.all('phase');
    const index = phases.findIndex((phase) => phase.name === name);
    const found = phases[index];
    return found && { ...found, until: phases[index + 1]?.at ?? Number.POSITIVE_INFINITY };
  }

  /** The last phase whose name begins so, and when it ended. */
  lastPhase(prefix: string): (PhaseEvent & { until: number }) | undefined {
    const last = this.all('phase').findLast(({ name }) => name.startsWith(prefix));
    return last && this.phase(last.name);
  }

  #arrivals(phase: string, upstream: string, kind: OfType<'receipt'>['kind']): OfType<'receipt'>[] {
    const phases = this.all('phase');
    const index = phases.findIndex(({ name }) => name === phase);
    const from = phases[index]?.receipts ?? Number.POSITIVE_INFINITY;
    const to = phases[index + 1]?.receipts ?? Number.POSITIVE_INFINITY;
    return this.all('receipt').filter(
      (receipt) => receipt.kind === kind && receipt.upstream === upstream && receipt.seq > from && receipt.seq <= to,
    );
  }

  /** All events, in the order of their times. */
  inOrder(): HistoryEvent[] {
    return [...this.#events].sort((a, b) => a.at - b.at);
  }
}

/** Whether tags hold all of those wanted, with the same values. */
export const hasTags = (tags: Record<string, string>, wanted: Record<string, string>): boolean =>
  Object.entries(wanted).every(([name, value]) => tags[name] === value);
