import { z } from 'zod';
import { Refusal } from '../base/refusal.ts';
import type { FaultKind } from '../kinds/lib/fault.ts';
import type { ScopeField } from '../kinds/lib/reserved-fields.ts';
import { flappingFields } from './flapping.ts';

const text = z.string().min(1);

/** The scope field that selects requests by a value in their JSON body. */
const bodyFields = z
  .union([z.strictObject({ path: text, equals: z.json() }), z.strictObject({ path: text, contains: text })])
  .optional()
  .describe(
    '{"path": "messages.0.content", "equals": any JSON} or {"path": …, "contains": a text}; * stands for any name or index',
  );

const milliseconds = z.number().min(1).max(86_400_000);
const span = 'a number of milliseconds from 1 to 86400000';

const timeFields = {
  afterMilliseconds: milliseconds.optional().describe(span),
  forMilliseconds: milliseconds.optional().describe(span),
  flapping: flappingFields,
};

const countFields = (what: string) => ({
  next: z.int().min(1).optional().describe(`a whole number of ${what}, 1 or more`),
  rate: z.number().min(0).max(1).optional().describe('a number from 0 to 1'),
});

const connectionFields = {
  ...countFields('connections'),
  connections: z
    .enum(['open', 'new', 'calling'])
    .optional()
    .describe(
      '"open" (the existing ones), "new" (later ones), or "calling" (each call; next and rate then count calls)',
    ),
};

const requestFields = {
  ...countFields('requests'),
  route: z
    .string()
    .regex(/^[A-Z]+ \/[^\s?#]*$/)
    .optional()
    .describe('"METHOD /path" without a query, for example "POST /v3/memories/add/"; * stands for one segment'),
  apiKey: z
    .string()
    .min(1)
    .optional()
    .describe('the key in Authorization, without "Bearer" or "Token", or in x-api-key'),
  body: bodyFields,
};

// A name that is missing in `ScopeField` is not reserved, so an own fault could have it.
const shape = { ...connectionFields, ...requestFields, ...timeFields };
const scopeSchema = z.object(
  shape satisfies Record<ScopeField, z.ZodType> & Record<Exclude<keyof typeof shape, ScopeField>, never>,
);

/**
 * Selects which requests or connections a fault acts on, and when. All fields are optional. By default, the fault acts
 * on everything except health routes until it is healed.
 */
export type FaultScope = Partial<z.output<typeof scopeSchema>>;

const fieldsOf = { requests: requestFields, connections: connectionFields, port: {}, server: {} };

/**
 * Returns the scope fields that a kind of fault supports. A fault that acts on the whole port can't select requests.
 */
export function scopeFieldsOf({ actsOn }: Pick<FaultKind, 'actsOn'>): z.ZodRawShape {
  return { ...fieldsOf[actsOn], ...timeFields };
}

/** Splits a fault's fields into its scope and its own options. Undefined fields are omitted. */
export function splitScope(fields: Record<string, unknown>): { scope: FaultScope; options: Record<string, unknown> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return {
    scope: Object.fromEntries(given.filter(([name]) => name in scopeSchema.shape)),
    options: Object.fromEntries(given.filter(([name]) => !(name in scopeSchema.shape))),
  };
}

/** @throws Refusal `ambiguous-scope` if fields exclude each other */
export function refuseAmbiguous(
  { next, rate, flapping }: FaultScope,
  { kind, actsOn }: Pick<FaultKind, 'kind' | 'actsOn'>,
): void {
  if (next !== undefined && rate !== undefined) {
    throw new Refusal(
      'ambiguous-scope',
      `next ${next} and rate ${rate} exclude each other; allowed: one of them, or neither`,
    );
  }
  if (actsOn !== 'requests' && flapping && 'onRequests' in flapping) {
    throw new Refusal(
      'ambiguous-scope',
      `"${kind}" acts on the ${actsOn} and can't flap by requests; allowed: {"onMilliseconds", "offMilliseconds"}`,
    );
  }
}
