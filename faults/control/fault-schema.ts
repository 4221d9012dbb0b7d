import { z } from 'zod';
import type { FaultKinds } from '../kinds/lib/fault.ts';
import { scopeFieldsOf } from '../scope/scope.ts';

/**
 * Returns a schema for faults with one alternative per kind. It is used only for documentation, because `parseFault`
 * does the validation.
 */
export const faultSchema = (...targets: FaultKinds<unknown>[]): z.ZodType =>
  z.union(
    targets.flatMap((kinds) =>
      [...kinds.values()].map((kind) =>
        z.strictObject({ kind: z.literal(kind.kind), ...kind.fields, ...scopeFieldsOf(kind) }),
      ),
    ),
  );
