import { z } from 'zod';
import { parseDuration } from './duration.ts';

/**
 * The rules by which k6, a Go program, reads options from JSON: null is as good as absent, names of fields are told apart
 * without regard to case, a whole number may be a text, and nothing else is converted.
 */

/** Reads the fields of an object by these rules. */
export const named = <Schema extends z.ZodObject>(schema: Schema) =>
  z.preprocess((given) => normalize(given, Object.keys(schema.shape)), schema);

/** The fields of an object that are none of these. */
export const unknownFields = (given: object, names: readonly string[]): string[] =>
  Object.keys(normalize(given, names) as object).filter((name) => !names.includes(name));

/** In Go's order: of two spellings of a name the exact one comes last, and wins. */
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

/** A whole number, or a text of one; an empty text is as good as absent. */
export const whole = z.union([z.number(), z.string()]).transform((given, context) => {
  if (given === '') return undefined;
  const value = typeof given === 'number' || /^[+-]?\d+$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  context.addIssue(`expected a whole number, but is ${JSON.stringify(given)}`);
  return z.NEVER;
});

/** {@link whole} with a default. */
export const wholeOr = (fallback: number) => whole.optional().transform((value) => value ?? fallback);

/** A duration, in milliseconds once read. */
export const duration = z.union([z.string(), z.number()]).transform((given, context) => {
  try {
    return parseDuration(given);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

/** Texts by name: numbers are refused. */
export const texts = z.record(
  z.string(),
  z
    .string()
    .nullable()
    .transform((text) => text ?? ''),
);
