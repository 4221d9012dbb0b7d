import { z } from 'zod';
import { faultKinds } from '../faults/index.ts';
import { scopeFieldsOf } from '../scope/scope.ts';

/** A fault as the control API takes it: one schema for each kind. For the documentation; `parseFault` validates. */
export const faultSchema = z.union(
  [...faultKinds.values()].map((kind) =>
    z.strictObject({ kind: z.literal(kind.kind), ...kind.fields, ...scopeFieldsOf(kind) }),
  ),
);
