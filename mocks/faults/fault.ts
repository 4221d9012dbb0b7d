import type { z } from 'zod';

/** What a fault may use while it acts on a request. */
export interface Circumstances {
  /** Aborted when this fault is healed. */
  readonly healed: AbortSignal;
  /** Aborted when the client has closed its connection. */
  readonly clientGone: AbortSignal;
  /** The provider's own error response. */
  errorResponse(status: number): Response;
}

/** Makes the upstream answer; not called at all where a fault answers in its stead. */
export type Respond = () => Promise<Response>;

/**
 * What a fault does to a request. A request passes three stages, and in each the faults act in the order in which
 * they were added, so that faults of different stages compose whatever that order is:
 * it is held, it is answered, and the answer is delivered.
 * Any stage may end the connection by throwing a `Disconnect`.
 */
export interface FaultActions {
  /** Keeps the request waiting before anything answers it. */
  hold?(circumstances: Circumstances): Promise<void>;
  /** Answers in place of `respond`, or changes what it answers. */
  answer?(circumstances: Circumstances, respond: Respond): Promise<Response>;
  /** Changes how the answer's bytes arrive. */
  deliver?(circumstances: Circumstances, response: Response): Response;
}

/** A kind of fault: its name, its own fields (each described by what it allows) and what it does. */
export interface FaultKind {
  readonly kind: string;
  readonly fields: z.ZodRawShape;
  create(options: Record<string, unknown>): FaultActions;
}

/** Defines a kind of fault; `create` gets the fields validated. */
export function defineFault<Shape extends z.ZodRawShape>(definition: {
  kind: string;
  fields: Shape;
  create(options: z.output<z.ZodObject<Shape>>): FaultActions;
}): FaultKind {
  return {
    kind: definition.kind,
    fields: definition.fields,
    create: (options) => definition.create(options as z.output<z.ZodObject<Shape>>),
  };
}
