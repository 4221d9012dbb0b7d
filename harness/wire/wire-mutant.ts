import type { Contract, Numbers } from '../contract/contract.ts';
import type { LeakTargets } from '../secrecy/find-leaks.ts';
import type { Exchange, WireAnswer } from './exchange.ts';

/** In what a request to an upstream differs from the last one of the service. */
export interface DifferentCall {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A question to the model of an earlier request, which the fakes of LLMs answer. Nothing is sent if there was none. */
  readonly question?: string;
}

/** The scenario in which a mutant acts, and what it can do in addition to changing the traffic. */
export interface Wire {
  readonly contract: Contract;
  readonly numbers: Numbers;
  /** The breaker under test, if there is one. */
  readonly breaker: string | undefined;
  /** The secrets that the service must not show. Absent if the contract doesn't promise it. */
  readonly leakTargets: LeakTargets | undefined;
  /** Notes why the mutant can't act, unless it still does. */
  impossible(why: string): void;
  /** Returns the last answer of an endpoint that was served, or undefined. */
  served(endpoint: string | undefined): WireAnswer | undefined;
  /**
   * Sends another request to an upstream, as the service sent its last one, but without its headers and body. Returns
   * whether it arrived.
   *
   * @param different A path, headers and a question to send. Defaults to the path of the last request, and none.
   */
  callUpstream(name: string, different?: DifferentCall): Promise<boolean>;
  /** Sends a request in plain text to the port of an upstream with TLS. Returns whether it arrived. */
  callInPlainText(name: string): Promise<boolean>;
  /**
   * Sends another request to an upstream, and follows its redirect with credentials. Returns whether that arrived at the
   * other host.
   */
  callElsewhere(name: string): Promise<boolean>;
  /** Opens another connection to the database, as the service does, until the scenario ends. Returns whether it did. */
  connectDatabase(): Promise<boolean>;
}

/**
 * Functions of a mutant that change the traffic. All are optional. If one returns `undefined`, the traffic passes
 * unchanged.
 */
export interface WireHooks {
  /** An answer of the service. Only one mutant changes each of them. */
  answer?(exchange: Exchange): WireAnswer | undefined | Promise<WireAnswer | undefined>;
  /** The answer to a request that the service does not get. No other mutant acts on this request. */
  instead?(request: Pick<Exchange, 'endpoint' | 'phase'>): WireAnswer | Promise<WireAnswer> | undefined;
  /**
   * The response to a request that a terminating service doesn't accept, although it still handles others. Callers can
   * connect all the time if this is defined.
   */
  refused?(request: Pick<Exchange, 'endpoint' | 'phase' | 'endingMs'>): WireAnswer | undefined;
  /** A request to the service, before it gets there. Returns whether the mutant did something. */
  arrive?(request: Pick<Exchange, 'endpoint' | 'phase'>): boolean | Promise<boolean>;
  /** Whether the service does not learn that a caller has left. */
  hidesLeaving?(request: Pick<Exchange, 'endpoint' | 'phase'>): boolean;
  /** A line of the service's log. An empty text swallows it. */
  line?(line: string): string | undefined;
  /** The text of another file in the folder of the service's first process (`${folder}`). */
  file?(): string | undefined;
  /** The settings of a start that the scenario tries. `null` removes a setting. */
  settings?(settings: Readonly<Record<string, string | null>>): Record<string, string | null> | undefined;
  /** Whether the last row of the ledger is deleted, or all are stored twice, before it is read. */
  row?: 'deleted' | 'doubled';
}

/**
 * A defect that is simulated on the wire instead of in the service: between callers and the service, between the
 * service and its upstreams, or in its stored data. It shows whether a check would notice this defect in this service.
 */
export interface WireMutant {
  /** In words that complete "with the mutant …", with hyphens. */
  readonly name: string;
  /** Its effect, as a sentence without a full stop. */
  readonly does: string;
  /** The checkers that must report FAIL. */
  readonly turnsRed: readonly string[];
  /** Other checkers that may also notice it, or that can't decide in its presence. */
  readonly disturbs?: readonly string[];
  /** The line of the contract without which it has nothing to act on. */
  readonly needs?: string;
  /** Why it may have nothing to act on although the contract has that line. */
  readonly idle?: string;
  /** Called at the start of each scenario in which it acts. */
  create(wire: Wire): WireHooks;
}
