import { z } from 'zod';

const effect = z.enum(['fails', 'stream', 'waits', 'port', 'none']);

/**
 * How a fault affects calls to its upstream:
 *
 * - `fails`: a call fails as soon as it arrives
 * - `stream`: the same, but only for calls whose response is a stream
 * - `waits`: a call waits until its timeout, or for the time that the fault specifies
 * - `port`: all connections are affected, regardless of the caller
 * - `none`: calls succeed as usual
 */
export type Effect = z.output<typeof effect>;

const seen = z.union(
  [z.int().min(400).max(599), z.enum(['timeout', 'connection', 'body'])],
  'must be a status from 400 to 599, "timeout", "connection" or "body"',
);

/** A failure as a client sees it: a status, no response in time, no connection, or a response that can't be used. */
export type Seen = z.output<typeof seen>;

/** The status in one of the fault's fields. `otherwise` is the field's default. */
const statusIn = z.strictObject({ field: z.string(), otherwise: z.int().exactOptional() });

/** The facts about a kind of fault that are needed to judge how a service reacts to it. */
export const nature = z.strictObject({ effect, seen: z.union([seen, statusIn]).exactOptional() });

export type Nature = z.output<typeof nature>;

/** The same as a kind of fault declares it. */
export const declaredNature = {
  effect,
  seen: z
    .union([seen, statusIn.omit({ otherwise: true })], 'must be a status, "timeout", "connection", "body" or { field }')
    .optional(),
};

/** The declaration of a kind with these fields. */
export interface DeclaredNature<Field extends string = string> {
  readonly effect: Effect;
  /**
   * How a client sees the failure, or the name of the field that contains its status. Defaults to `timeout` if calls
   * wait. Absent if it depends on the call, for example on whether the response is a stream.
   */
  readonly seen?: Seen | { readonly field: Field } | undefined;
}

/** Returns the facts about a kind of fault. */
export function natureOf({ effect, seen, fields }: DeclaredNature & { readonly fields: z.ZodRawShape }): Nature {
  if (seen === undefined) return effect === 'waits' ? { effect, seen: 'timeout' } : { effect };
  if (typeof seen !== 'object') return { effect, seen };
  const field = fields[seen.field];
  const { data } = field ? z.safeParse(field, undefined) : {};
  return { effect, seen: { field: seen.field, ...(typeof data === 'number' && { otherwise: data }) } };
}
