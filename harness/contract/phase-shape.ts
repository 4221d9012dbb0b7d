import { z } from 'zod';
import { nearest } from '../base/nearest.ts';
import {
  type ActionName,
  fieldsOf,
  type PhaseData,
  type PhaseFields,
  type PlannedPhase,
  TITLES,
  WHENS,
} from './phases.ts';

const name = z.string().min(1).describe('a name');
const names = z.array(z.string().min(1)).min(1).describe('a list of names');
const positive = z.number().positive().describe('a positive number');
const id = z.int().positive().describe('the ID of an earlier phase');

const FIELDS: { readonly [Field in keyof PhaseFields]: z.ZodType<PhaseFields[Field]> } = {
  upstream: name,
  endpoint: name,
  breaker: name,
  budget: name,
  fault: name,
  faults: names,
  failing: names,
  certificate: name,
  signal: name,
  variant: name,
  settings: name,
  tool: name,
  round: z.int().positive().describe('a positive integer'),
  failures: z.int().positive().describe('a positive integer'),
  rate: positive,
};

const ACTIONS = Object.keys(TITLES) as ActionName[];
const isAction = (action: unknown): action is ActionName => ACTIONS.includes(action as ActionName);

/** Returns the fields that a phase must have, from those that it has. */
export function phaseShapeOf(data: unknown): z.ZodRawShape {
  const { action, when, own, ...others } = Object(data) as Record<string, unknown>;
  if (when !== undefined) return { when: z.enum(WHENS).describe(WHENS.join(', ')), of: id };
  if (own !== undefined) {
    const values = z.union([z.string(), z.number()]).describe('a string or a number');
    return { own: name, ...Object.fromEntries(Object.keys(others).map((field) => [field, values])) };
  }
  if (!isAction(action)) {
    const meant = typeof action === 'string' ? nearest(action, ACTIONS) : undefined;
    const hint = meant === undefined ? ACTIONS.join(', ') : `did you mean "${meant}"?`;
    return { action: z.enum(ACTIONS).describe(`an action of proofload (${hint}); your own phases have "own" instead`) };
  }
  const fields = fieldsOf(action).map((field) => [field, FIELDS[field]]);
  return { action: z.literal(action), ...Object.fromEntries(fields), primed: z.array(id).optional() };
}

/** Without this, zod would compile the schemas, most of which are used only a few times. */
const ONCE = { jitless: true };

/** Returns a function that creates the schema of each action once, which takes longer than to parse with it. */
function schemasOf(create: (data: unknown) => z.ZodObject): typeof create {
  const ofActions = new Map<ActionName, z.ZodObject>();
  return (data) => {
    const phase = Object(data) as Record<string, unknown>;
    const { action } = phase;
    if ('when' in phase || 'own' in phase || !isAction(action)) return create(data);
    const schema = ofActions.get(action) ?? create(data);
    ofActions.set(action, schema);
    return schema;
  };
}

const schemaOf = schemasOf((data) => z.strictObject(phaseShapeOf(data)));
const plannedSchemaOf = schemasOf((data) => {
  const { primed: _, ...shape } = phaseShapeOf('when' in Object(data) ? {} : data);
  return z.strictObject(shape);
});

/** The schema of what a script does in a phase. */
export const phaseData = z.custom<PhaseData>((data) => schemaOf(data).safeParse(data, ONCE).success, 'is not a phase');

/** The schema of a phase that a scenario plans, which has no ID and refers to none. */
export const plannedPhase = z.unknown().superRefine((data, { addIssue }) => {
  for (const { path, message } of plannedSchemaOf(data).safeParse(data, ONCE).error?.issues ?? []) {
    addIssue({ code: 'custom', path, message });
  }
}) as unknown as z.ZodType<PlannedPhase, PlannedPhase>;
