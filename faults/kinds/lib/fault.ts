import type { z } from 'zod';
import type { CertificateKind } from '../../certificates/certificate-kinds.ts';

/** The properties of a request or a connection that a scope selects by. */
export interface Matchable {
  /** Of a request: `METHOD /path`, without the query. */
  readonly route?: string;
  /** Of a connection: `open` if it existed when the fault started, else `new`. */
  readonly connection?: 'open' | 'new';
  /** The credentials in the Authorization header, without the scheme, or undefined if there is no such header. */
  readonly apiKey?: string | undefined;
  /** Returns the parsed body; undefined if it is not JSON. Called only if a fault matches by body. */
  readonly body?: () => unknown;
}

/** The context of a fault that acts on a request. */
export interface Circumstances {
  /** Aborted when this fault is healed or its time is over. */
  readonly healed: AbortSignal;
  /** Aborted when the client has closed its connection. */
  readonly clientGone: AbortSignal;
  /** How long the fault had been active when the request arrived, in milliseconds. */
  readonly activeMilliseconds: number;
  /** Returns the provider's error response. */
  errorResponse(status: number): Response;
  /** Half-closes the connection (FIN) and continues to read. */
  finish(): void;
}

/** Gets the upstream's response. Not called if a fault responds instead. */
export type Respond = () => Promise<Response>;

/** A fault that acts on a target as a whole, as the target sees it. */
export interface Engaged {
  /** Its id and kind as in receipts, for example `f1:refuse`. */
  readonly name: string;
  /** Counts a request or connection, and returns whether the fault acts on it. */
  consider(subject: Matchable): boolean;
}

/** A target that can refuse connections. */
export interface Refusing {
  /** Refuses new connections until it is undone. */
  refuse(fault: Engaged): Undo;
}

/** The port of an upstream, as faults act on it. Each method returns a function that undoes it. */
export interface Listener extends Refusing {
  /** Presents another certificate in new handshakes. Open connections end after their current request. */
  showCertificate(kind: CertificateKind): Undo;
}
export type Undo = () => void | Promise<void>;

/** Undoes the fault; undefined if its effect was momentary. */
export type Engagement = Undo | undefined;

/**
 * The actions of a fault. A request passes four stages: its head has arrived, it is held, it is answered, the response
 * is delivered. Within a stage, faults act in the order in which they were added; so faults of different stages can be
 * added in any order. Any stage may end the connection by throwing a `Disconnect`.
 */
export interface FaultActions<Target = Listener> {
  /** Acts when the head has arrived, before the body is read. If the fault matches by body, after the body. */
  arrive?(circumstances: Circumstances): Promise<void>;
  /** Delays the request before it is answered. */
  hold?(circumstances: Circumstances): Promise<void>;
  /** Responds instead of `respond`, or changes its response. */
  answer?(circumstances: Circumstances, respond: Respond): Promise<Response>;
  /** Changes how the bytes of the response arrive. An empty chunk sends the head. */
  deliver?(circumstances: Circumstances, response: Response): Response;
  /** Selects the fault that acts on this request, if the fault combines several ones. */
  pick?(): { readonly kind: string; readonly actions: FaultActions<Target> };
  /**
   * Acts on the target as a whole while the fault is active. If it throws or rejects, it has had no effect: the fault
   * is refused or, if it was to start later, `failed`.
   */
  engage?(target: Target, fault: Engaged): Engagement | Promise<Engagement>;
}

/** A kind of fault: its name, fields (described by the allowed values) and actions. */
export interface FaultKind<Target = Listener> {
  readonly kind: string;
  /** The effect on a client, in a few words that follow the kind. */
  readonly does: string;
  readonly fields: z.ZodRawShape;
  /** The scope of its effect: single requests, single connections, or everything behind the port or server. */
  readonly actsOn: 'requests' | 'connections' | 'port' | 'server';
  create(options: Record<string, unknown>): FaultActions<Target>;
}

/** All kinds of fault that a target supports, by name. */
export type FaultKinds<Target = Listener> = ReadonlyMap<string, FaultKind<Target>>;

/** Returns kinds of fault by name. */
export const byName = <Kind extends { readonly kind: string }>(...kinds: readonly Kind[]): ReadonlyMap<string, Kind> =>
  new Map(kinds.map((kind) => [kind.kind, kind]));

/** Defines a kind of fault of any target. `create` gets the validated fields. */
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
