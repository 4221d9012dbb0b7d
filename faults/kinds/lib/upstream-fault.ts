import { z } from 'zod';
import { defineFault, type FaultKind } from './fault.ts';
import { type DeclaredNature, declaredNature } from './nature.ts';
import { refuseReserved } from './reserved-fields.ts';

/** A kind of fault that an upstream supports. */
export interface UpstreamFault extends FaultKind, DeclaredNature {}

/**
 * Defines a kind of upstream fault. It acts on requests, or on the port if that is its effect.
 *
 * @throws Refusal `reserved-field` if a field has the name of one that all faults have, such as `rate`
 */
export function defineUpstreamFault<Shape extends z.ZodRawShape>(
  definition: Omit<Parameters<typeof defineFault<Shape>>[0], 'actsOn'> & DeclaredNature<keyof Shape & string>,
): UpstreamFault {
  refuseReserved(definition);
  const { effect, seen } = definition;
  return { ...defineFault({ ...definition, actsOn: effect === 'port' ? 'port' : 'requests' }), effect, seen };
}

const isDescribed = (field: unknown): boolean => Boolean((field as z.ZodType | undefined)?.description);

/** A kind of fault as a team's module may export it. The description of a field says which values are allowed. */
const ownFault = z
  .object({
    kind: z.string().regex(/^[a-z][a-z0-9-]*$/, 'may have lower-case letters, digits and dashes'),
    does: z.string().min(1),
    ...declaredNature,
    fields: z.record(z.string(), z.custom(isDescribed, 'must be a zod schema with a description')),
    create: z.custom((value) => typeof value === 'function', 'must be a function'),
  })
  .refine(({ seen, fields }) => typeof seen !== 'object' || Object.hasOwn(fields, seen.field), {
    path: ['seen', 'field'],
    error: ({ input }) =>
      `must be one of its fields: ${Object.keys((input as UpstreamFault).fields).join(', ') || 'none'}`,
  });

/** Returns what is wrong with a module's default export if it is no kind of fault. */
export function upstreamFaultProblem(fault: unknown): string | undefined {
  const { error } = ownFault.safeParse(fault);
  return error && `its default export is not a fault made by defineFault(): ${z.prettifyError(error)}`;
}
