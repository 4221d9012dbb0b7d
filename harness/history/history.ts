import type { Action, Phase } from '../contract/phase.ts';
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
import type { HandshakeReceipt, HistoryEvent, PhaseEvent, Receipt, RequestReceipt } from './events.ts';
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
    return this.#tagged(this.all('request'), tags);
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

  /** Returns the samples of some phases for one of the script's metrics. */
  metricIn(name: string, phases: Phases, tags: Omit<Tags, 'phase'> = {}): OfType<'metric'>[] {
    const values = new Set<string | undefined>(listOf(phases).map(({ tag }) => tag));
    return this.metric(name, tags).filter(({ tags: has }) => values.has(has.phase));
  }

  /** Returns the samples for one of the script's metrics that have all of the given tags. */
  metric(name: string, tags: Tags = {}): OfType<'metric'>[] {
    const samples = this.all('metric').filter(({ metric }) => metric === name);
    return this.#tagged(samples, tags);
  }

  /** Returns the events that have these tags. A phase may be given by its name: then each entry of it counts. */
  #tagged<Event extends { readonly tags: Record<string, string> }>(events: readonly Event[], tags: Tags): Event[] {
    const { phase, ...others } = tags;
    if (!('phase' in tags)) return events.filter((event) => hasTags(event.tags, others));
    // Not the events of all phases, if a check reads a phase that was not entered.
    if (phase === undefined) return [];
    const named = this.all('phase').filter(({ name }) => name === phase);
    const values = new Set<string | undefined>([
      phase,
      ...named.flatMap(({ id }) => (id === undefined ? [] : [String(id)])),
    ]);
    return events.filter((event) => values.has(event.tags.phase) && hasTags(event.tags, others));
  }

  /**
   * Returns all phases with a given action and with these values of its fields, in order.
   *
   * @example history.phases('crowd', { upstream: 'groq' })
   */
  phases<Name extends ActionName>(action: Name, fields: FieldsOf<Name> = {}): PhaseEntry<ActionPhase<Name>>[] {
    const wanted = Object.entries({ action, ...fields });
    return this.#entries((data) => wanted.every(([name, value]) => (data as Record<string, unknown>)[name] === value));
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
    return this.all('phase').find(({ id }) => String(id) === phase)?.name ?? phase;
  }

  #entries<Data extends PhaseData>(isWanted: (data: PhaseData) => boolean): PhaseEntry<Data>[] {
    return this.all('phase').flatMap(({ id, data, at, name: title }, index, all): PhaseEntry<Data>[] => {
      if (id === undefined || data === undefined || !isWanted(data)) return [];
      const until = all[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      return [{ ...(data as Data), id, tag: phaseTag({ id }), title, at, until }];
    });
  }

  /**
   * Returns the requests that arrived at an upstream during a phase, or the queries that arrived at the database. For
   * an upstream, it uses receipt numbers and therefore does not depend on clocks.
   */
  receiptsIn(phases: Phase | Phases, upstream: string): RequestReceipt[] {
    if (upstream === 'database') return this.databaseReceiptsIn(phases, 'request');
    return this.#arrivals(phases, upstream, 'request');
  }

  /** Returns the TLS handshakes that failed at an upstream during a phase. */
  failedHandshakesIn(phases: Phase | Phases, upstream: string): HandshakeReceipt[] {
    return this.#arrivals(phases, upstream, 'handshake-failed');
  }

  /**
   * Returns the database's receipts that started during a phase. It uses times, because the database proxy numbers its
   * receipts separately.
   */
  databaseReceiptsIn<Kind extends Receipt['kind']>(
    phases: Phase | Phases,
    kind: Kind,
  ): Extract<Receipt, { kind: Kind }>[] {
    const spans = typeof phases === 'string' ? [this.phase(phases)] : listOf(phases);
    return this.receipts(kind, 'database').filter((receipt) => spans.some((span) => span && isWithin(receipt, span)));
  }

  /**
   * Returns a phase with its end, which is the beginning of the next phase, or Infinity. Returns undefined if the
   * script did not enter the phase.
   */
  phase(name: Phase): (PhaseEvent & { until: number }) | undefined {
    const phases = this.all('phase');
    const index = phases.findIndex((phase) => phase.name === name);
    const found = phases[index];
    return found && { ...found, until: phases[index + 1]?.at ?? Number.POSITIVE_INFINITY };
  }

  /**
   * Returns the phases whose names have the given form. `*` stands for a word and `**` for any text; `parts` contains
   * the words or texts at their places.
   *
   * @example history.phasesLike('slow * in *') // of 'slow groq in chat': parts ['groq', 'chat']
   */
  phasesLike(form: Action): (Omit<PhaseEvent, 'name'> & { name: Action; parts: string[] })[] {
    const patterns: Record<string, string> = { '*': '(\\S+)', '**': '(.+)' };
    const pieces = form.split(/(\*+)/).map((piece) => patterns[piece] ?? RegExp.escape(piece));
    const pattern = new RegExp(`^${pieces.join('')}$`);
    return this.all('phase').flatMap((phase) => {
      const [whole, ...parts] = pattern.exec(phase.name) ?? [];
      return whole === undefined ? [] : [{ ...phase, name: phase.name as Action, parts }];
    });
  }

  /** Returns the last phase whose name has the given prefix, with its end. */
  lastPhase(prefix: string): (PhaseEvent & { until: number }) | undefined {
    const last = this.all('phase').findLast(({ name }) => name.startsWith(prefix));
    return last && this.phase(last.name);
  }

  /** Returns an upstream's receipts of one kind, sorted by time. */
  receipts<Kind extends Receipt['kind']>(kind: Kind, upstream: string): Extract<Receipt, { kind: Kind }>[] {
    return this.all('receipt').filter(
      (receipt): receipt is Extract<Receipt, { kind: Kind }> => receipt.kind === kind && receipt.upstream === upstream,
    );
  }

  /** Returns the receipts of everything that faults can act on, of all upstreams. */
  disruptable(): Exclude<OfType<'receipt'>, { kind: 'handshake-failed' }>[] {
    return this.all('receipt').filter((receipt) => receipt.kind !== 'handshake-failed');
  }

  #arrivals<Kind extends Receipt['kind']>(
    phases: Phase | Phases,
    upstream: string,
    kind: Kind,
  ): Extract<Receipt, { kind: Kind }>[] {
    const all = this.all('phase');
    const indexes =
      typeof phases === 'string'
        ? [all.findIndex(({ name }) => name === phases)]
        : listOf(phases).map(({ id }) => all.findIndex((one) => one.id === id));
    const spans = indexes.map((index) => ({
      from: all[index]?.receipts ?? Number.POSITIVE_INFINITY,
      to: all[index + 1]?.receipts ?? Number.POSITIVE_INFINITY,
    }));
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

/** Whether the tags contain all of the wanted tags with the same values. */
export function hasTags(tags: Record<string, string>, wanted: Record<string, string>): boolean {
  for (const name in wanted) if (tags[name] !== wanted[name]) return false;
  return true;
}
