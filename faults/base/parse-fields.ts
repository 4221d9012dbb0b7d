import { z } from 'zod';
import { Refusal } from './refusal.ts';

/**
 * Validates an object. Error messages use each field's description as the list of allowed values.
 *
 * @throws Refusal that lists all problems: `unknown-field` if there are fields other than `fields`, otherwise
 * `invalid-field`
 */
export function parseFields<Shape extends z.ZodRawShape>(
  fields: Shape,
  value: unknown,
  subject: string,
): z.output<z.ZodObject<Shape, z.core.$strict>> {
  // zod would compile a schema that is used only once.
  const result = z.strictObject(fields).safeParse(value, { jitless: true });
  if (result.success) return result.data;

  const complaints = result.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const names = issue.keys.map((key) => `"${key}"`).join(', ');
      return `unknown field ${names} of ${subject}; allowed: ${Object.keys(fields).join(', ')}`;
    }
    const name = issue.path[0];
    if (name === undefined) return `${subject} is ${show(value)}; allowed: a JSON object`;
    const field = fields[String(name)] as z.ZodType | undefined;
    return `"${String(name)}" of ${subject} is ${show(Reflect.get(Object(value), name))}; allowed: ${field?.description ?? issue.message}`;
  });
  const unknown = result.error.issues.some((issue) => issue.code === 'unrecognized_keys');
  throw new Refusal(unknown ? 'unknown-field' : 'invalid-field', complaints.join('. '));
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
