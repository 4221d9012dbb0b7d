import { z } from 'zod';
import type { FaultKinds } from '../kinds/fault.ts';
import { scopeFieldsOf } from '../scope/scope.ts';

/** A fault as the control API takes it: one schema for each kind. For the documentation; `parseFault` validates. */
export const faultSchema = (...targets: FaultKinds<unknown>[]): z.ZodType =>
  z.union(
    targets.flatMap((kinds) =>
      [...kinds.values()].map((kind) =>
        z.strictObject({ kind: z.literal(kind.kind), ...kind.fields, ...scopeFieldsOf(kind) }),
      ),
    ),
  );
