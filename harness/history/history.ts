import {
  type ActionName,
  type ActionPhase,
  type OwnPhase,
  type PhaseData,
  type PhaseTag,
  phaseTag,
  type RelatedPhase,
  type When,
} from '../contract/phases.ts';
import type { Tags } from '../contract/tags.ts';
import type {
  HandshakeReceipt,
  HistoryEvent,
  Receipt,
  RedirectedReceipt,
  RequestReceipt,
  UnusedReceipt,
} from './events.ts';
import { tells } from './tells.ts';

type OfType<Type extends HistoryEvent['type']> = Extract<HistoryEvent, { type: Type }>;

/** A phase that the script entered: what it did, and when. */
export type PhaseEntry<Data extends PhaseData = PhaseData> = Data & {
  readonly id: number;
  /** The value of the tag `phase` of its requests. */
  readonly tag: PhaseTag;
  /** For people. */
  readonly title: string;
  readonly at: number;
  /** The beginning of the next phase, or Infinity. */
  readonly until: number;
};

/** Values of some fields of an action. Lists can't be compared. */
type FieldsOf<Name extends ActionName> = Partial<Omit<ActionPhase<Name>, 'action' | 'primed' | 'faults' | 'failing'>>;

/** A scenario's events, with the queries that checkers use. */
export class History {
  readonly #events: HistoryEvent[];
  /** The events of each type, sorted by time, because checkers ask for them many times. */
  readonly #sorted = new Map<HistoryEvent['type'], HistoryEvent[]>();
  readonly #onAdd: (event: HistoryEvent) => void;

  /** @param onAdd Called for each event that is added from now on. */
  constructor(events: Iterable<HistoryEvent> = [], onAdd: (event: HistoryEvent) => void = () => {}) {
    this.#events = [...events];
    this.#onAdd = onAdd;
  }

  add = (event: HistoryEvent): void => {
    this.#events.push(event);
    this.#sorted.delete(event.type);
    this.#onAdd(event);
  };

  /** Returns all events of the given type, sorted by time. */
  all<Type extends HistoryEvent['type']>(type: Type): OfType<Type>[] {
    const found = this.#sorted.get(type) ?? this.#events.filter((event) => event.type === type).sort(byTime);
    this.#sorted.set(type, found);
    return [...(found as OfType<Type>[])];
  }

  /**
   * Returns the requests that have all of the given tags and whose outcome is evidence about the service (see `tells`).
   */
  requests(tags: Tags): OfType<'request'>[] {
    return this.sent(tags).filter(tells);
  }

  /**
   * Returns all requests that have the given tags, even if their outcome is not evidence. Use it to count them or to
   * see when they were sent.
   */
  sent(tags: Tags): OfType<'request'>[] {
    return this.all('request').filter((request) => hasTags(request.tags, tags));
  }

  /** Returns the requests of some phases, like `requests`. */
  requestsIn(phases: Phases, tags: Omit<Tags, 'phase'> = {}): OfType<'request'>[] {
    return this.sentIn(phases, tags).filter(tells);
  }

  /** Returns the requests of some phases, like `sent`. */
  sentIn(phases: Phases, tags: Omit<Tags, 'phase'> = {}): OfType<'request'>[] {
    const values = new Set<string | undefined>(listOf(phases).map(({ tag }) => tag));
    return this.all('request').filter(({ tags: has }) => values.has(has.phase) && hasTags(has, tags));
  }

  /** Returns the events of the given type that happened during some phases. */
  allIn<Type extends HistoryEvent['type']>(type: Type, phases: readonly PhaseEntry[]): OfType<Type>[] {
    return this.all(type).filter((event) => phases.some((phase) => isWithin(event, phase)));
  }

  /** Returns the samples of some phases for one of the script's metrics. */
  metricIn(name: string, phases: Phases, tags: Omit<Tags, 'phase'> = {}): OfType<'metric'>[] {
    const values = new Set<string | undefined>(listOf(phases).map(({ tag }) => tag));
    return this.metric(name, tags).filter(({ tags: has }) => values.has(has.phase));
  }

  /** Returns the samples for one of the script's metrics that have all of the given tags. */
  metric(name: string, tags: Tags = {}): OfType<'metric'>[] {
    return this.all('metric').filter(({ metric, tags: has }) => metric === name && hasTags(has, tags));
  }

  /**
   * Returns all phases with a given action and with these values of its fields, in order.
   *
   * @example history.phases('crowd', { upstream: 'groq' })
   */
  phases<Name extends ActionName>(action: Name, fields: FieldsOf<Name> = {}): PhaseEntry<ActionPhase<Name>>[] {
    const wanted = Object.entries({ action, ...fields });
    return this.#entries(
      (data) => !('own' in data) && wanted.every(([name, value]) => (data as Record<string, unknown>)[name] === value),
    );
  }

  /** Returns the phases that belong to earlier ones in the given way, in order. */
  related<Name extends When>(when: Name, phases: Phases): PhaseEntry<RelatedPhase<Name>>[] {
    const of = listOf(phases);
    return this.#entries((data) => 'when' in data && data.when === when && of.some(({ id }) => id === data.of));
  }

  /** Returns the phases of a team's own scenario with this name, in order. */
  own(name: string): PhaseEntry<OwnPhase>[] {
    return this.#entries((data) => 'own' in data && data.own === name);
  }

  /** Returns the title of a request's phase for people, or an empty text if it has none. */
  titleOf({ phase = '' }: Readonly<Record<string, string>>): string {
    return this.all('phase').find(({ id }) => String(id) === phase)?.title ?? phase;
  }

  #entries<Data extends PhaseData>(isWanted: (data: PhaseData) => boolean): PhaseEntry<Data>[] {
    return this.all('phase').flatMap(({ id, data, at, title }, index, all): PhaseEntry<Data>[] => {
      if (!isWanted(data)) return [];
      const until = all[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      return [{ ...(data as Data), id, tag: phaseTag({ id }), title, at, until }];
    });
  }

  /**
   * Returns the requests that arrived at an upstream during a phase, or the queries that arrived at the database. For
   * an upstream, it uses receipt numbers and therefore does not depend on clocks.
   */
  receiptsIn(phases: Phases, upstream: string): RequestReceipt[] {
    if (upstream === 'database') return this.databaseReceiptsIn(phases, 'request');
    return this.#arrivals(phases, upstream, 'request');
  }

  /** Returns the TLS handshakes that failed at an upstream during a phase. */
  failedHandshakesIn(phases: Phases, upstream: string): HandshakeReceipt[] {
    return this.#arrivals(phases, upstream, 'handshake-failed');
  }

  /** Returns the connections to an upstream that clients closed after the TLS handshake, without having sent anything. */
  closedUnusedIn(phases: Phases, upstream: string): UnusedReceipt[] {
    return this.#arrivals(phases, upstream, 'closed-unused');
  }

  /** Returns the connections to an upstream that ended in the TLS handshake, or after it without a request. */
  endedHandshakesIn(phases: Phases, upstream: string): (HandshakeReceipt | UnusedReceipt)[] {
    return [...this.failedHandshakesIn(phases, upstream), ...this.closedUnusedIn(phases, upstream)];
  }

  /** Returns the requests that followed a redirect of an upstream during a phase. */
  redirectedIn(phases: Phases, upstream: string): RedirectedReceipt[] {
    return this.#arrivals(phases, upstream, 'redirected');
  }

  /**
   * Returns the database's receipts that started during a phase. It uses times, because the database proxy numbers its
   * receipts separately.
   */
  databaseReceiptsIn<Kind extends Receipt['kind']>(phases: Phases, kind: Kind): Extract<Receipt, { kind: Kind }>[] {
    const spans = listOf(phases);
    return this.receipts(kind, 'database').filter((receipt) => spans.some((span) => isWithin(receipt, span)));
  }

  /** Returns an upstream's receipts of one kind, sorted by time. */
  receipts<Kind extends Receipt['kind']>(kind: Kind, upstream: string): Extract<Receipt, { kind: Kind }>[] {
    return this.all('receipt').filter(
      (receipt): receipt is Extract<Receipt, { kind: Kind }> => receipt.kind === kind && receipt.upstream === upstream,
    );
  }

  /** Returns the receipts of everything that faults can act on, of all upstreams. */
  disruptable(): Extract<OfType<'receipt'>, { faults: unknown }>[] {
    return this.all('receipt').filter((receipt) => 'faults' in receipt);
  }

  #arrivals<Kind extends Receipt['kind']>(
    phases: Phases,
    upstream: string,
    kind: Kind,
  ): Extract<Receipt, { kind: Kind }>[] {
    const all = this.all('phase');
    const spans = listOf(phases).map(({ id }) => {
      const index = all.findIndex((phase) => phase.id === id);
      return {
        from: all[index]?.receipts ?? Number.POSITIVE_INFINITY,
        to: all[index + 1]?.receipts ?? Number.POSITIVE_INFINITY,
      };
    });
    return this.receipts(kind, upstream).filter(({ seq }) => spans.some(({ from, to }) => seq > from && seq <= to));
  }

  /** Returns all events, sorted by time. */
  inOrder(): HistoryEvent[] {
    return [...this.#events].sort(byTime);
  }
}

/** One phase, or several. */
export type Phases = PhaseEntry | readonly PhaseEntry[];

const listOf = (phases: Phases): readonly PhaseEntry[] => [phases].flat();

/** Whether an event happened during a phase. */
export const isWithin = ({ at }: { readonly at: number }, phase: Pick<PhaseEntry, 'at' | 'until'>): boolean =>
  at >= phase.at && at < phase.until;

/** Returns the tags of the requests of some phases, for a finding that judges them. */
export const tagsIn = (phases: Phases, tags: Omit<Tags, 'phase'> = {}): Tags[] =>
  listOf(phases).map(({ tag: phase }) => ({ phase, ...tags }));

const byTime = (a: HistoryEvent, b: HistoryEvent): number => a.at - b.at;

/**
 * Whether the tags contain all of the wanted tags with the same values. A wanted tag that is undefined is in none, so
 * that a check that reads the phase of a missing entry doesn't see all requests.
 */
export function hasTags(tags: Record<string, string>, wanted: Readonly<Record<string, string | undefined>>): boolean {
  for (const name in wanted) if (wanted[name] === undefined || tags[name] !== wanted[name]) return false;
  return true;
}
