import type { z } from 'zod';
import type { CertificateKind } from '../../certificates/certificate-kinds.ts';
import type { UpstreamRequest } from '../../upstream/upstream-request.ts';

/** Which connections a fault acts on: existing ones, later ones, or those on which a call arrives. */
type ConnectionScope = 'open' | 'new' | 'calling';

/** The properties by which a scope selects requests or connections. */
export interface Matchable {
  /** A request's `METHOD /path`, without the query. */
  readonly route?: string;
  /**
   * `open` if the connection existed when the fault started, otherwise `new`. For a call that arrives on a connection,
   * it is `calling`.
   */
  readonly connection?: ConnectionScope;
  /** The credentials in the Authorization header, without the scheme, or undefined if there is no such header. */
  readonly apiKey?: string | undefined;
  /** Returns the parsed body, or undefined if it is not JSON. Called only if a fault matches by body. */
  readonly body?: () => unknown;
}

/** The protocol of an address. */
export type Scheme = 'https' | 'http';

/** The context for a fault that acts on a request, with the number of its answer. */
export interface Circumstances extends Pick<UpstreamRequest, 'number' | 'note'> {
  /** Aborted when the fault is healed or its time is over. */
  readonly healed: AbortSignal;
  /** Aborted when the client has closed its connection. */
  readonly clientGone: AbortSignal;
  /** How long the fault had been active when the request arrived, in milliseconds. */
  readonly activeMilliseconds: number;
  /** The request's URL, which begins with the upstream's own address, such as `https://127.0.0.1:40123/v1/models`. */
  readonly url: string;
  /**
   * Returns the request's address at another host, without its query. It responds with 503, and its requests have
   * receipts.
   *
   * @param scheme Defaults to the upstream's own.
   */
  elsewhere(scheme?: Scheme): Promise<string>;
  /** Returns the provider's error response. */
  errorResponse(status: number): Response;
  /** Half-closes the connection (FIN) and continues to read. */
  finish(): void;
}

/** Gets the upstream's response. It is not called if a fault responds instead. */
export type Respond = () => Promise<Response>;

/** A fault that acts on a whole target, as seen by the target. */
export interface Engaged {
  /** The fault's ID and kind as in receipts, for example `f1:refuse`. */
  readonly name: string;
  /** The connections that it acts on, if its scope says so. */
  readonly connections?: ConnectionScope | undefined;
  /** Counts a request, a connection or a call. Returns whether the fault acts on it. */
  consider(subject: Matchable): boolean;
}

/** A target that can refuse connections. */
export interface Refusing {
  /** Refuses new connections until this is undone. */
  refuse(fault: Engaged): Undo;
}

/** An upstream's port, which faults can act on. Each method returns a function that undoes it. */
export interface Listener extends Refusing {
  /** Presents a different certificate in new handshakes. Open connections are closed after their current request. */
  showCertificate(kind: CertificateKind): Undo | Promise<Undo>;
  /** Closes idle connections now, and others after their current request. Resolves when clients have noticed. */
  renewConnections(): Promise<void>;
}
export type Undo = () => void | Promise<void>;

/** Undoes the fault. undefined if its effect was momentary. */
export type Engagement = Undo | undefined;

/**
 * The effects of a fault on a request. A request passes through four stages: its head arrives, it is held, it is
 * answered, and the response is delivered. Within a stage, faults act in the order in which they were added. Faults
 * that act in different stages can therefore be added in any order. At any stage, a fault may end the connection by
 * throwing a `Disconnect`.
 */
export interface FaultActions<Target = Listener> {
  /** Acts when the head has arrived, before the body is read. If the fault matches by body, it acts after the body. */
  arrive?(circumstances: Circumstances): Promise<void>;
  /** Delays the request before it is answered. */
  hold?(circumstances: Circumstances): Promise<void>;
  /** Responds instead of `respond`, or changes its response. */
  answer?(circumstances: Circumstances, respond: Respond): Promise<Response>;
  /** Changes how the response bytes arrive. An empty chunk sends only the head. */
  deliver?(circumstances: Circumstances, response: Response): Response;
  /** Selects the fault that acts on a request, if this fault is a combination of several faults. */
  pick?(): { readonly kind: string; readonly actions: FaultActions<Target> };
  /**
   * Acts on the whole target while the fault is active. If it throws or rejects, it must have had no effect. The fault
   * is then rejected or, if it was scheduled for later, `failed`.
   */
  engage?(target: Target, fault: Engaged): Engagement | Promise<Engagement>;
  /**
   * Lets requests come on new connections only, while the fault is active. For faults that end a connection before its
   * answer begins: if that happens to a kept connection, HTTP clients such as Go's may send a GET again by themselves
   * (RFC 9110, 9.2.2), which is no retry of the service.
   */
  freshen?(target: Target): Promise<void>;
}

/** A kind of fault: its name, its fields (described by their allowed values) and its actions. */
export interface FaultKind<Target = Listener> {
  readonly kind: string;
  /** The effect on a client, as a short phrase that follows the kind. */
  readonly does: string;
  readonly fields: z.ZodRawShape;
  /** The scope of its effect: single requests, single connections, or everything behind the port or server. */
  readonly actsOn: 'requests' | 'connections' | 'port' | 'server';
  create(options: Record<string, unknown>): FaultActions<Target>;
}

/** All kinds of faults that a target supports, by name. */
export type FaultKinds<Target = Listener> = ReadonlyMap<string, FaultKind<Target>>;

/** Returns kinds of faults by name, in alphabetical order. */
export const byName = <Kind extends { readonly kind: string }>(...kinds: readonly Kind[]): Map<string, Kind> =>
  new Map(kinds.map((kind) => [kind.kind, kind] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Defines a kind of fault for any target. `create` receives the validated fields. */
export function defineFault<Shape extends z.ZodRawShape, Target = Listener>(definition: {
  kind: string;
  does: string;
  fields: Shape;
  actsOn: FaultKind['actsOn'];
  create(options: z.output<z.ZodObject<Shape>>): FaultActions<Target>;
}): FaultKind<Target> {
  return {
    kind: definition.kind,
    does: definition.does,
    fields: definition.fields,
    actsOn: definition.actsOn,
    create: (options) => definition.create(options as z.output<z.ZodObject<Shape>>),
  };
}
