import { Refusal } from '../base/refusal.ts';
import type { FaultKinds } from '../kinds/fault.ts';
import { parseKind } from '../kinds/parse-kind.ts';
import { refuseAmbiguous, scopeFieldsOf, splitScope } from '../scope/scope.ts';
import type { FaultSpecification } from './planned-fault.ts';

/**
 * Reads a fault as the control API gets it: `kind`, which is one of `kinds`, the kind's own fields, and the scope (`next`,
 * `rate`, `route` …).
 *
 * @throws Refusal `unknown-fault-kind`, `unknown-field`, `invalid-field` or `ambiguous-scope`; the message says what is allowed
 */
export function parseFault<Target>(body: unknown, kinds: FaultKinds<Target>): FaultSpecification<Target> {
  const { kind, options: fields } = parseKind(body, { kinds, fields: scopeFieldsOf, subject: 'fault' });
  const { scope, options } = splitScope(fields);
  refuseAmbiguous(scope, kind);
  return { kind: kind.kind, options, scope, actions: kind.create(options) };
}

/**
 * Reads the change of a fault: fields that replace those that it has, null for one that it no longer has. Its kind
 * can't be changed.
 *
 * @throws Refusal as `parseFault` does
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
