import { Refusal } from '../../base/refusal.ts';

/** The fields of each fault's scope (`faults/scope/`), which decides when it acts. */
const SCOPE = [
  'next',
  'rate',
  'connections',
  'route',
  'apiKey',
  'body',
  'afterMilliseconds',
  'forMilliseconds',
  'flapping',
] as const;

/** A field of the scope of faults. */
export type ScopeField = (typeof SCOPE)[number];

/** The names that a fault has in the control API besides its own fields: the last ones only in answers and mixes. */
const RESERVED = ['kind', ...SCOPE, 'id', 'state', 'seen', 'excluded', 'disrupted', 'weight'];

/**
 * Refuses a kind of fault if one of its own fields has the name of a common field, whose value it would never get.
 *
 * @throws Refusal `reserved-field`
 */
export function refuseReserved({ kind, fields }: { readonly kind: string; readonly fields: object }): void {
  const reserved = Object.keys(fields).filter((name) => RESERVED.includes(name));
  if (reserved.length === 0) return;
  const names = reserved.map((name) => `"${name}"`).join(', ');
  throw new Refusal(
    'reserved-field',
    `fault "${kind}" has a field with a reserved name: ${names}; allowed: all names except ${RESERVED.join(', ')}`,
  );
}
