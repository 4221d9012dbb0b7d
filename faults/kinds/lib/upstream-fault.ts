import { z } from 'zod';
import { defineFault, type FaultKind } from './fault.ts';

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

const effect = z.enum(['fails', 'stream', 'waits', 'port', 'none']);

/** A kind of fault that an upstream supports. */
export interface UpstreamFault extends FaultKind {
  readonly effect: Effect;
}

/** Defines a kind of upstream fault. It acts on requests, or on the port if that is its effect. */
export function defineUpstreamFault<Shape extends z.ZodRawShape>(
  definition: Omit<Parameters<typeof defineFault<Shape>>[0], 'actsOn'> & Pick<UpstreamFault, 'effect'>,
): UpstreamFault {
  const { effect } = definition;
  return { ...defineFault({ ...definition, actsOn: effect === 'port' ? 'port' : 'requests' }), effect };
}

const isDescribed = (field: unknown): boolean => Boolean((field as z.ZodType | undefined)?.description);

/** A kind of fault as a team's module may export it. The description of a field says which values are allowed. */
const ownFault = z.object({
  kind: z.string().regex(/^[a-z][a-z0-9-]*$/, 'may have lower-case letters, digits and dashes'),
  does: z.string().min(1),
  effect,
  fields: z.record(z.string(), z.custom(isDescribed, 'must be a zod schema with a description')),
  create: z.custom((value) => typeof value === 'function', 'must be a function'),
});

/** Returns what is wrong with a module's default export if it is no kind of fault. */
export function upstreamFaultProblem(fault: unknown): string | undefined {
  const { error } = ownFault.safeParse(fault);
  return error && `its default export is not a fault made by defineFault(): ${z.prettifyError(error)}`;
}
