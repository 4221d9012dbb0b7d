import { z } from 'zod';
import { parseFields } from '../../base/parse-fields.ts';
import { Refusal } from '../../base/refusal.ts';
import type { FaultKind, FaultKinds } from './fault.ts';

const withKind = z.looseObject({ kind: z.string() });

/**
 * Parses `kind` and the fields of that kind. `fields` adds further fields. If it is a function, it is called with the
 * kind.
 *
 * @throws Refusal `unknown-fault-kind`, `unknown-field` or `invalid-field`
 */
export function parseKind<Target>(
  body: unknown,
  {
    kinds,
    fields,
    subject,
  }: {
    kinds: FaultKinds<Target>;
    fields: z.ZodRawShape | ((kind: FaultKind<Target>) => z.ZodRawShape);
    subject: string;
  },
): { kind: FaultKind<Target>; options: Record<string, unknown> } {
  const named = withKind.safeParse(body, { jitless: true });
  const kind = kinds.get(named.data?.kind ?? '');
  if (!kind) {
    const got = JSON.stringify(named.data?.kind ?? body);
    throw new Refusal('unknown-fault-kind', `unknown fault kind ${got}; allowed: ${[...kinds.keys()].join(', ')}`);
  }
  const besides = typeof fields === 'function' ? fields(kind) : fields;
  const shape = { kind: z.literal(kind.kind), ...kind.fields, ...besides };
  const { kind: _name, ...options } = parseFields(shape, body, `${subject} "${kind.kind}"`);
  return { kind, options };
}
