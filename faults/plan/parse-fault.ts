import { Refusal } from '../base/refusal.ts';
import type { FaultKinds } from '../kinds/lib/fault.ts';
import { parseKind } from '../kinds/lib/parse-kind.ts';
import { refuseAmbiguous, scopeFieldsOf, splitScope } from '../scope/scope.ts';
import type { FaultSpecification } from './planned-fault.ts';

/**
 * Parses a fault: its `kind` (one of `kinds`), the fields of that kind, and its scope (`next`, `rate`, `route` …).
 *
 * @throws Refusal `unknown-fault-kind`, `unknown-field`, `invalid-field` or `ambiguous-scope` with the allowed values
 */
export function parseFault<Target>(body: unknown, kinds: FaultKinds<Target>): FaultSpecification<Target> {
  const { kind, options: fields } = parseKind(body, { kinds, fields: scopeFieldsOf, subject: 'fault' });
  const { scope, options } = splitScope(fields);
  refuseAmbiguous(scope, kind);
  return { kind: kind.kind, options, scope, actions: kind.create(options) };
}

/**
 * Parses a change to a fault. The given fields replace the current ones, and null removes a field. The kind can't be
 * changed.
 *
 * @throws Refusal with the same codes as `parseFault`
 */
export function parseChange<Target>(
  { kind, options, scope }: FaultSpecification<Target>,
  change: unknown,
  kinds: FaultKinds<Target>,
): FaultSpecification<Target> {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return parseFault(change, kinds);
  if ('kind' in change && change.kind !== kind) {
    throw new Refusal('invalid-field', `"kind" of fault "${kind}" can't be changed; allowed: "${kind}"`);
  }
  const changed = Object.entries({ ...options, ...scope, kind, ...change }).filter(([, value]) => value !== null);
  return parseFault(Object.fromEntries(changed), kinds);
}
