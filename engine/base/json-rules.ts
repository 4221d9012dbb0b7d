import { z } from 'zod';
import { parseDuration } from './duration.ts';

/**
 * k6 reads options from JSON by Go's rules: null counts as absent, field names are case-insensitive, and a whole number
 * may be given as a string. Nothing else is converted.
 */

/** Wraps an object schema so that it reads fields by these rules. */
export const named = <Schema extends z.ZodObject>(schema: Schema) =>
  z.preprocess((given) => normalize(given, Object.keys(schema.shape)), schema);

/** Returns the object's field names that are not in `names`. */
export const unknownFields = (given: object, names: readonly string[]): string[] =>
  Object.keys(normalize(given, names) as object).filter((name) => !names.includes(name));

/** Sorts the fields as Go does: if a name occurs in two spellings, the exact spelling comes last and wins. */
function normalize(given: unknown, names: readonly string[]): unknown {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return given;
  const spelled = new Map(names.map((name) => [name.toLowerCase(), name]));
  const entries = Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1));
  const result: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    if (value !== null && value !== undefined) result[spelled.get(name.toLowerCase()) ?? name] = value;
  }
  return result;
}

/** A whole number, or a string that contains one. An empty string counts as absent. */
export const whole = z.union([z.number(), z.string()]).transform((given, context) => {
  if (given === '') return undefined;
  const value = typeof given === 'number' || /^[+-]?\d+$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  context.addIssue(`expected a whole number, but is ${JSON.stringify(given)}`);
  return z.NEVER;
});

/** {@link whole} with a default. */
export const wholeOr = (fallback: number) => whole.optional().transform((value) => value ?? fallback);

/** A duration, given as a string or in milliseconds. The parsed value is in milliseconds. */
export const duration = z.union([z.string(), z.number()]).transform((given, context) => {
  try {
    return parseDuration(given);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

/** A record of strings. Numbers are rejected. */
export const texts = z.record(
  z.string(),
  z
    .string()
    .nullable()
    .transform((text) => text ?? ''),
);
