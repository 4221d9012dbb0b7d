import { z } from 'zod';

const order = z
  .array(z.string())
  .min(2)
  .describe('the upstreams in the order in which they are called. If all of them fail, the caller gets an error');

const fault = z.union([z.int().min(400).max(599), z.string()], 'must be a status such as 503, or a kind of fault');

const namedBy = z
  .union(
    [
      z.strictObject({ header: z.string().min(1).describe('the name of a header of the answer') }),
      z.strictObject({
        field: z.string().min(1).describe('the path of a field in the JSON answer, such as data.model'),
      }),
    ],
    'must be { header: NAME } or { field: PATH }',
  )
  .describe(
    'the part of the response that names the model or upstream, so that callers notice a downgrade. Each ' +
      'upstream must have its own name there. In a stream, the first event with the field counts; default: not ' +
      'judged',
  );

const details = z
  .strictObject({
    order,
    on: z
      .array(fault)
      .min(1)
      .optional()
      .describe(
        'failures of the first upstream after which the next one serves the call, named as in `onFault`; after ' +
          '`hang` or `stall`, within about 30 s; default: the failures of its breaker, or else 429, 503, hang and ' +
          'reset',
      ),
    never: z
      .array(fault)
      .default([])
      .describe('failures after which no other upstream is called and the caller gets an error, such as 400'),
    told: namedBy.optional(),
    returnsWithinSeconds: z
      .number()
      .positive()
      .optional()
      .describe(
        'seconds within which the first upstream is called again after it has recovered; default: the recovery ' +
          'timeout of its breaker, or else at once',
      ),
  })
  .superRefine(({ on = [], never }, { addIssue }) => {
    const twice = on.find((failure) => never.includes(failure));
    if (twice !== undefined) addIssue({ code: 'custom', path: ['never'], message: `${twice} is in "on" as well` });
  });

/** The upstreams that an endpoint calls one after another until one works. */
export const fallback = z
  .union([order, details], {
    error: ({ input, errors }) => problemOf(Array.isArray(input) ? 0 : 1, errors as z.core.$ZodIssue[][] | undefined),
  })
  .optional()
  .describe(
    'the upstreams that the endpoint calls one after another until one of them works: a list, or `order` with ' +
      'more promises',
  );

const problemOf = (form: number, errors: z.core.$ZodIssue[][] | undefined): string =>
  (errors?.[form] ?? []).map(({ path, message }) => [...path, message].map(String).join(': ')).join('; ');

export type PromisedFallback = z.output<typeof details>;

/** Returns a fallback with all of its details. */
export const fallbackOf = (promised: z.output<typeof fallback>): PromisedFallback | undefined =>
  Array.isArray(promised) ? { order: promised, never: [] } : promised;

/**
 * Returns the upstreams without which an endpoint is served: optional ones, and all but the last of its fallback.
 *
 * @param fault How the upstream fails, named as in `onFault`. Defaults to any failure after which the next one is called.
 */
export function servedWithoutOf(
  {
    servedWithout,
    fallback: promised,
  }: { readonly servedWithout: readonly string[]; readonly fallback?: z.output<typeof fallback> },
  fault?: string,
): string[] {
  const { order = [], never = [] } = fallbackOf(promised) ?? {};
  const isLast = never.some((failure) => String(failure) === fault);
  return [...new Set([...servedWithout, ...(isLast ? [] : order.slice(0, -1))])];
}
