import type { z } from 'zod';
import type { CertificateKind } from '../certificates/certificate-kinds.ts';

/** The properties of a request or a connection that a scope selects by. */
export interface Matchable {
  /** Of a request: "METHOD /path", without the query. */
  readonly route?: string;
  /** Of a connection: whether it was there when the fault began, or came later. */
  readonly connection?: 'open' | 'new';
  /** What the authorization says after its scheme; undefined without one. */
  readonly apiKey?: string | undefined;
  /** The body, parsed; undefined where it is no JSON. Only called where a fault asks for it. */
  readonly body?: () => unknown;
}

/** What a fault may use while it acts on a request. */
export interface Circumstances {
  /** Aborted when this fault is healed, or its time is over. */
  readonly healed: AbortSignal;
  /** Aborted when the client has closed its connection. */
  readonly clientGone: AbortSignal;
  /** For how many milliseconds the fault had been acting when the request came. */
  readonly activeMilliseconds: number;
  /** The provider's own error response. */
  errorResponse(status: number): Response;
  /** Ends the sending side of the connection (a FIN), and reads on. */
  finish(): void;
}

/** Makes the upstream answer; not called at all where a fault answers in its stead. */
export type Respond = () => Promise<Response>;

/** A fault that acts on a target as a whole, as that target sees it. */
export interface Engaged {
  /** Its id and kind, as "f1:refuse": what a receipt calls it. */
  readonly name: string;
  /** Counts something that it comes across, and says whether it is to act on it. */
  consider(subject: Matchable): boolean;
}

/** Where connections can be refused. */
export interface Refusing {
  /** Refuses new connections. */
  refuse(fault: Engaged): Undo;
}

/** What a fault may do to the port that an upstream listens on; each returns what undoes it. */
export interface Listener extends Refusing {
  /** Shows another certificate in new handshakes; connections that there are end with their requests. */
  showCertificate(kind: CertificateKind): Undo;
}
export type Undo = () => void | Promise<void>;

/** What undoes it; nothing where it was done in a moment, and can't be undone. */
export type Engagement = Undo | undefined;

/**
 * What a fault does. A request passes four stages, and in each the faults act in the order in which they were added,
 * so that faults of different stages compose whatever that order is: its head has come, it is held, it is answered,
 * and the answer is delivered. Any stage may end the connection by throwing a `Disconnect`.
 */
export interface FaultActions<Target = Listener> {
  /** Acts when the head is there, before the body is read (after it, where the fault is matched by body). */
  arrive?(circumstances: Circumstances): Promise<void>;
  /** Keeps the request waiting before anything answers it. */
  hold?(circumstances: Circumstances): Promise<void>;
  /** Answers in place of `respond`, or changes what it answers. */
  answer?(circumstances: Circumstances, respond: Respond): Promise<Response>;
  /** Changes how the answer's bytes arrive. An empty chunk sends the head. */
  deliver?(circumstances: Circumstances, response: Response): Response;
  /** Chooses what acts on this request, in a fault that is made of others. */
  pick?(): { readonly kind: string; readonly actions: FaultActions<Target> };
  /**
   * Acts on the target as a whole for as long as the fault is active. What throws or rejects has done nothing; such a
   * fault is refused or, if its time came later, `failed`.
   */
  engage?(target: Target, fault: Engaged): Engagement | Promise<Engagement>;
}

/** A kind of fault: its name, its own fields (each described by what it allows) and what it does. */
export interface FaultKind<Target = Listener> {
  readonly kind: string;
  /** What a client meets, in a few words that go on from the kind. */
  readonly does: string;
  readonly fields: z.ZodRawShape;
  /** Whether it acts on single requests, on single connections, or on the port or server and so on all of them. */
  readonly actsOn: 'requests' | 'connections' | 'port' | 'server';
  create(options: Record<string, unknown>): FaultActions<Target>;
}

/** All kinds of fault that a target can have, by name. */
export type FaultKinds<Target = Listener> = ReadonlyMap<string, FaultKind<Target>>;

/** Kinds of fault by their names. */
export const byName = <Target>(...kinds: FaultKind<Target>[]): FaultKinds<Target> =>
  new Map(kinds.map((kind) => [kind.kind, kind]));

/** Defines a kind of fault, which acts on requests unless it says otherwise; `create` gets the fields validated. */
export function defineFault<Shape extends z.ZodRawShape, Target = Listener>(definition: {
  kind: string;
  does: string;
  fields: Shape;
  actsOn?: FaultKind['actsOn'];
  create(options: z.output<z.ZodObject<Shape>>): FaultActions<Target>;
}): FaultKind<Target> {
  return {
    kind: definition.kind,
    does: definition.does,
    fields: definition.fields,
    actsOn: definition.actsOn ?? 'requests',
    create: (options) => definition.create(options as z.output<z.ZodObject<Shape>>),
  };
}
