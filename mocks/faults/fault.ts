import type { z } from 'zod';
import type { CertificateKind } from '../certificates.ts';

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

/** What a fault may do to the port that an upstream listens on; each returns what undoes it. */
export interface Listener {
  /** Refuses new connections; those that there are end with their requests. */
  refuse(): Undo;
  /** Shows another certificate in new handshakes; connections that there are end with their requests. */
  showCertificate(kind: CertificateKind): Undo;
}
export type Undo = () => void | Promise<void>;

/**
 * What a fault does. A request passes four stages, and in each the faults act in the order in which they were added,
 * so that faults of different stages compose whatever that order is: its head has come, it is held, it is answered,
 * and the answer is delivered. Any stage may end the connection by throwing a `Disconnect`.
 */
export interface FaultActions {
  /** Acts when the head is there, before the body is read (after it, where the fault is matched by body). */
  arrive?(circumstances: Circumstances): Promise<void>;
  /** Keeps the request waiting before anything answers it. */
  hold?(circumstances: Circumstances): Promise<void>;
  /** Answers in place of `respond`, or changes what it answers. */
  answer?(circumstances: Circumstances, respond: Respond): Promise<Response>;
  /** Changes how the answer's bytes arrive. An empty chunk sends the head. */
  deliver?(circumstances: Circumstances, response: Response): Response;
  /** Chooses what acts on this request, in a fault that is made of others. */
  pick?(): { readonly kind: string; readonly actions: FaultActions };
  /** Acts on the port for as long as the fault is active. */
  engage?(listener: Listener): Undo;
}

/** A kind of fault: its name, its own fields (each described by what it allows) and what it does. */
export interface FaultKind {
  readonly kind: string;
  readonly fields: z.ZodRawShape;
  /** Whether it acts on single requests, or on the port and so on all connections. */
  readonly actsOn: 'requests' | 'port';
  create(options: Record<string, unknown>): FaultActions;
}

/** Defines a kind of fault, which acts on requests unless it says otherwise; `create` gets the fields validated. */
export function defineFault<Shape extends z.ZodRawShape>(definition: {
  kind: string;
  fields: Shape;
  actsOn?: FaultKind['actsOn'];
  create(options: z.output<z.ZodObject<Shape>>): FaultActions;
}): FaultKind {
  return {
    kind: definition.kind,
    fields: definition.fields,
    actsOn: definition.actsOn ?? 'requests',
    create: (options) => definition.create(options as z.output<z.ZodObject<Shape>>),
  };
}
