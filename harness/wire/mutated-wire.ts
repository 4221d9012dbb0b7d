import type { IncomingMessage } from 'node:http';
import { isHttp } from '../contract/is-http.ts';
import type { PhaseData } from '../contract/phases.ts';
import type { Meaning } from '../contract/schema/meanings.ts';
import { clientOf } from './client-of.ts';
import { endpointFinder } from './endpoint-of.ts';
import type { Exchange, WireAnswer } from './exchange.ts';
import { asMeant, inForm } from './in-form.ts';
import type { Traffic } from './traffic.ts';
import type { Wire, WireHooks, WireMutant } from './wire-mutant.ts';
import type { WirePhase } from './wire-phase.ts';
import type { Arrived, Relay } from './wire-proxy.ts';

/** The mutants of one scenario, and what the wire reports about them. */
export interface Mutation {
  readonly mutants: readonly WireMutant[];
  /** Gets everything that passes by. Defaults to nothing that keeps it. */
  readonly traffic?: Traffic;
  /** Called when a mutant acts. */
  acted(mutant: WireMutant): void;
  /** Called if a mutant can't act in this scenario, with the reason. */
  impossible(mutant: WireMutant, why: string): void;
  /** Called if the code of a mutant throws. What the scenario shows then is no proof. */
  broke(mutant: WireMutant, error: unknown): void;
}

/** Applies the mutants of one scenario to everything that passes by. */
export class MutatedWire implements Relay {
  /** The time of SIGTERM in milliseconds since the epoch, or undefined if the service is not being restarted. */
  endedAt: number | undefined;
  readonly #mutation: Mutation;
  readonly #all: readonly (readonly [WireMutant, WireHooks])[];
  /** How often each mutant has acted. */
  readonly #acts = new Map<WireMutant, number>();
  readonly #served = new Map<string, WireAnswer>();
  readonly #phases: WirePhase[] = [];
  readonly #findEndpoint: (method: string, target: string) => string | undefined;
  readonly #wire: Omit<Wire, 'served' | 'impossible'>;

  constructor(mutation: Mutation, wire: Omit<Wire, 'served' | 'impossible'>) {
    this.#mutation = mutation;
    this.#wire = wire;
    mutation.traffic?.begin(wire);
    this.#findEndpoint = endpointFinder(wire.contract);
    const served = (endpoint: string | undefined) => this.#served.get(endpoint ?? '');
    this.#all = mutation.mutants.map((mutant) => {
      const callUpstream: Wire['callUpstream'] = (...call) => this.#callUpstream(mutant, ...call);
      const impossible = (why: string) => mutation.impossible(mutant, why);
      const { callInPlainText, callElsewhere, connectDatabase } = wire;
      const calls = {
        callUpstream: orNot(callUpstream),
        callInPlainText: orNot(callInPlainText),
        callElsewhere: orNot(callElsewhere),
        connectDatabase: orNot(connectDatabase),
      };
      return [mutant, mutant.create({ ...wire, ...calls, served, impossible })];
    });
  }

  /** The mutants that have acted least come first, so that one that acts on every answer leaves some to the others. */
  get #hooks(): (readonly [WireMutant, WireHooks])[] {
    const acts = ([mutant]: readonly [WireMutant, WireHooks]) => this.#acts.get(mutant) ?? 0;
    return this.#all.toSorted((a, b) => acts(a) - acts(b));
  }

  #acted(mutant: WireMutant): void {
    this.#acts.set(mutant, (this.#acts.get(mutant) ?? 0) + 1);
    this.#mutation.acted(mutant);
  }

  /** Whether callers can connect although the service doesn't accept connections. */
  get staysOpen(): boolean {
    return this.#all.some(([, { refused }]) => refused !== undefined);
  }

  get #endingMs(): number | undefined {
    return this.endedAt === undefined ? undefined : Date.now() - this.endedAt;
  }

  /** Begins a phase of the script. */
  beginPhase(id: number, data: PhaseData): void {
    const of = 'when' in data ? this.#phases.find((phase) => phase.id === data.of) : undefined;
    this.#phases.push({ id, data, of });
  }

  begin(incoming: IncomingMessage): ReturnType<Relay['begin']> {
    const phase = this.#phases.at(-1);
    const began = Date.now();
    const endpoint = this.#findEndpoint(incoming.method ?? '', incoming.url ?? '');
    const client = clientOf(this.#wire.contract, incoming);
    const { meanings, served = [] } = this.#wire.contract.endpoints[endpoint ?? ''] ?? {};
    const request = { endpoint, phase };
    const { headers } = incoming;
    const header = (name: string) => headers[name]?.toString();
    const { traffic } = this.#mutation;
    traffic?.offer((hooks) => hooks.instead?.(request) ?? hooks.arrive?.(request));
    let kept: WireAnswer | undefined;
    const instead = this.#instead(request);
    if (!instead) for (const [mutant, { arrive }] of this.#hooks) void this.#note(mutant, () => arrive?.(request));
    return {
      instead: instead?.then((answer) => inForm(answer, meanings)),
      refused: () => {
        const answer = this.#first((hooks) => hooks.refused?.({ ...request, endingMs: this.#endingMs }));
        return answer && inForm(answer, meanings);
      },
      hidesLeaving: () => this.#first(({ hidesLeaving }) => hidesLeaving?.(request) || undefined) ?? false,
      answer: async (arrived) => {
        const times = { endingMs: this.#endingMs, tookMs: Date.now() - began };
        const about = { ...request, ...times, client, requestHeader: header };
        const { whole: _, ...head } = arrived;
        traffic?.offer((hooks) => hooks.answer?.(exchangeOf(kept ? read(kept) : { ...head, whole: notKept }, about)));
        const meant = await this.#meant(arrived, meanings);
        const answer = await this.#answer(exchangeOf(meant, about));
        return answer && inForm(answer, meanings);
      },
      passed: (answer) => {
        const meant = asMeant(answer, meanings);
        const isServed = endpoint !== undefined && served.includes(meant.status);
        if (isServed) this.#served.set(endpoint, meant);
        kept = traffic?.pass(meant, isServed ? endpoint : undefined);
      },
    };
  }

  /**
   * Returns a line of the service's log as it is read, or an empty text if it is dropped. An empty text may become a
   * line that the service did not write.
   */
  line(line: string): string {
    return this.#first((hooks) => hooks.line?.(line)) ?? line;
  }

  /** Returns the text of a file that the service did not write, or undefined. */
  file(): string | undefined {
    return this.#first((hooks) => hooks.file?.());
  }

  /** Returns the settings of an attempted start as the service gets them. */
  settings<Settings extends Readonly<Record<string, string | null>>>(settings: Settings) {
    return this.#first((hooks) => hooks.settings?.(settings)) ?? settings;
  }

  /** Returns what happens to stored rows, with functions that report whether it was possible. */
  rows() {
    this.#mutation.traffic?.offer(({ row }) => row);
    return this.#all.flatMap(([mutant, { row }]) => {
      if (row === undefined) return [];
      const { impossible } = this.#mutation;
      return [{ row, done: () => this.#acted(mutant), impossible: (why: string) => impossible(mutant, why) }];
    });
  }

  /** Returns an answer with the status for which it stands, once its body has arrived if that decides. */
  async #meant(arrived: Arrived, meanings: readonly Meaning[] | undefined): Promise<Arrived> {
    const isDecided = !meanings?.some(({ status }) => status === arrived.status);
    if (isDecided || !this.#all.some(([, { answer }]) => answer)) return arrived;
    const own = await arrived.whole().catch(() => undefined);
    if (!own) return arrived;
    const meant = asMeant(own, meanings);
    return read(meant);
  }

  async #callUpstream(mutant: WireMutant, ...call: Parameters<Wire['callUpstream']>): Promise<boolean> {
    const [name] = call;
    if (isHttp(this.#wire.contract, name)) return this.#wire.callUpstream(...call);
    this.#mutation.impossible(
      mutant,
      `requests can be sent past the service only to HTTP upstreams, and ${name} is not one`,
    );
    return false;
  }

  /** Notes that a mutant has acted, once this is known. */
  async #note(mutant: WireMutant, act: () => boolean | Promise<boolean> | undefined): Promise<void> {
    try {
      if (await act()) this.#acted(mutant);
    } catch (error) {
      this.#mutation.broke(mutant, error);
    }
  }

  #instead(request: Parameters<NonNullable<WireHooks['instead']>>[0]): Promise<WireAnswer> | undefined {
    for (const [mutant, hooks] of this.#hooks) {
      const answer = this.#ask(mutant, () => hooks.instead?.(request));
      if (answer === undefined) continue;
      this.#acted(mutant);
      return Promise.resolve(answer).catch((error: unknown) => {
        this.#mutation.broke(mutant, error);
        throw error;
      });
    }
  }

  /** @throws If the service's answer breaks off while a mutant reads it. */
  async #answer(exchange: Exchange): Promise<WireAnswer | undefined> {
    let lost: { readonly error: unknown } | undefined;
    const whole = (): Promise<WireAnswer> =>
      exchange.whole().catch((error: unknown) => {
        lost = { error };
        throw error;
      });
    for (const [mutant, hooks] of this.#hooks) {
      try {
        const changed = await hooks.answer?.({ ...exchange, whole });
        if (changed === undefined) continue;
        this.#acted(mutant);
        return changed;
      } catch (error) {
        if (lost?.error === error) throw error;
        this.#mutation.broke(mutant, error);
      }
    }
  }

  #first<Result>(ask: (hooks: WireHooks) => Result | undefined): Result | undefined {
    this.#mutation.traffic?.offer(ask);
    for (const [mutant, hooks] of this.#hooks) {
      const result = this.#ask(mutant, () => ask(hooks));
      if (result === undefined) continue;
      this.#acted(mutant);
      return result;
    }
  }

  /** Returns what a mutant does, or undefined if its code throws. */
  #ask<Result>(mutant: WireMutant, act: () => Result | undefined): Result | undefined {
    try {
      return act();
    } catch (error) {
      this.#mutation.broke(mutant, error);
      return;
    }
  }
}

/** Returns an answer whose body has arrived. */
const read = (answer: WireAnswer): Arrived => ({ ...answer, whole: async () => answer });

const notKept = async (): Promise<never> => {
  throw new Error('the body was not kept');
};

/** Returns a call that did not happen if it fails, because the scenario may have ended. */
const orNot =
  <Given extends readonly unknown[]>(call: (...given: Given) => Promise<boolean>) =>
  (...given: Given): Promise<boolean> =>
    call(...given).catch(() => false);

const exchangeOf = (
  { status, headers, whole }: Arrived,
  request: Pick<Exchange, 'endpoint' | 'phase' | 'client' | 'requestHeader' | 'endingMs' | 'tookMs'>,
): Exchange => ({
  ...request,
  status,
  header: (wanted) => headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1],
  whole,
});
