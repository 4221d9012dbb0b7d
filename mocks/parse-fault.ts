import { z } from 'zod';
import type { FaultSpecification } from './fault-plan.ts';
import { faultKinds } from './faults/index.ts';
import { parseFields } from './parse-fields.ts';
import { Refusal } from './refusal.ts';

const scopeFields = {
  next: z.int().min(1).optional().describe('a whole number of requests, 1 or more'),
  rate: z.number().min(0).max(1).optional().describe('a number from 0 to 1'),
  route: z
    .string()
    .regex(/^[A-Z]+ \/[^\s?#]*$/)
    .optional()
    .describe('"METHOD /path" without a query, for example "POST /v3/memories/add/"'),
};

/**
 * Reads a fault as the control API gets it: `kind`, the kind's own fields, and the scope (`next`, `rate`, `route`).
 *
 * @throws Refusal `unknown-fault-kind`, `unknown-field`, `invalid-field` or `ambiguous-scope`; the message says what is allowed
 */
export function parseFault(body: unknown): FaultSpecification {
  const named = z.looseObject({ kind: z.string() }).safeParse(body);
  const kind = faultKinds.get(named.data?.kind ?? '');
  if (!kind) {
    const got = JSON.stringify(named.data?.kind ?? body);
    throw new Refusal('unknown-fault-kind', `unknown fault kind ${got}; allowed: ${[...faultKinds.keys()].join(', ')}`);
  }

  const fields = { kind: z.literal(kind.kind), ...kind.fields, ...scopeFields };
  const { kind: _name, next, rate, route, ...options } = parseFields(fields, body, `fault "${kind.kind}"`);
  if (next !== undefined && rate !== undefined) {
    throw new Refusal(
      'ambiguous-scope',
      `next ${next} and rate ${rate} exclude each other; allowed: one of them, or neither`,
    );
  }
  return {
    kind: kind.kind,
    options,
    scope: {
      ...(next === undefined ? {} : { next }),
      ...(rate === undefined ? {} : { rate }),
      ...(route === undefined ? {} : { route }),
    },
    actions: kind.create(options),
  };
}
