import { z } from 'zod';
import type { FaultKind } from '../../faults/kinds/lib/fault.ts';
import { scopeFieldsOf } from '../../faults/scope/scope.ts';

/** A form field for a fault. */
export interface FaultField {
  name: string;
  /** How to parse the field's text. */
  as: 'number' | 'text' | 'json';
  isRequired: boolean;
  /** A description of the allowed values. */
  hint: string;
  /** The initial value, so that a fault can be set without editing its fields. */
  initial: string;
  choices?: string[];
  min?: number;
  max?: number;
  /** The step for a number. Absent if fractions are allowed. */
  step?: number;
}

interface JsonSchema {
  type?: string;
  description?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  examples?: unknown[];
}

/**
 * Returns the fields for a fault kind based on its schemas: its own fields, and those that restrict when and for which
 * requests it acts.
 */
export function faultFields<Target>(kind: FaultKind<Target>): { own: FaultField[]; scope: FaultField[] } {
  return { own: fieldsOf(kind.fields), scope: fieldsOf(scopeFieldsOf(kind)) };
}

function fieldsOf(shape: z.ZodRawShape): FaultField[] {
  const schema = z.toJSONSchema(z.strictObject(shape), { io: 'input', unrepresentable: 'any' });
  const { properties = {}, required = [] } = schema as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, property]) => fieldOf(name, property, required.includes(name)));
}

function fieldOf(name: string, property: JsonSchema, isRequired: boolean): FaultField {
  const { type, description = '', examples, minimum, maximum } = property;
  const isNumber = type === 'number' || type === 'integer';
  const as = isNumber ? 'number' : type === 'string' || property.enum ? 'text' : 'json';
  const initial = examples?.[0] ?? property.default;
  return {
    name,
    as,
    isRequired,
    hint: description,
    initial: initial === undefined ? '' : as === 'json' ? JSON.stringify(initial) : String(initial),
    ...(property.enum && { choices: property.enum }),
    ...(minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER && { min: minimum }),
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && { max: maximum }),
    ...(type === 'integer' && { step: 1 }),
  };
}
