import type { JsonSchema } from './document.ts';
import { html, join, type Safe } from './safe-html.ts';

interface Row {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** Renders a JSON Schema as a table with one row per field. The name of a nested field is its path. */
export function schemaTable(schema: JsonSchema): Safe {
  const rows = fieldsOf(schema, '');
  const all = rows.length > 0 ? rows : [{ name: '', schema, required: true }];
  const lines = all.map(
    ({ name, schema: field, required }) =>
      html`<tr><td><code>${name}</code></td><td>${typeOf(field)}</td><td>${required ? 'yes' : 'no'}</td><td>${rulesOf(field)}</td></tr>`,
  );
  return html`<table><thead><tr><th>field</th><th>type</th><th>required</th><th>rules</th></tr></thead><tbody>${join(lines)}</tbody></table>`;
}

function fieldsOf(schema: JsonSchema, prefix: string): Row[] {
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    return [{ name, schema: field, required: required.includes(key) }, ...nested(field, name)];
  });
}

function nested(field: JsonSchema, name: string): Row[] {
  if (field.items) return fieldsOf(field.items as JsonSchema, `${name}[].`);
  const either = (field.anyOf as JsonSchema[] | undefined)?.flatMap((schema) => nested(schema, name));
  return either ?? fieldsOf(field, `${name}.`);
}

function typeOf(schema: JsonSchema): string {
  if (schema.items) return `${typeOf(schema.items as JsonSchema)}[]`;
  const either = schema.anyOf as JsonSchema[] | undefined;
  return either?.map(typeOf).join(' or ') ?? [schema.type ?? typeof schema.const].flat().join(' or ');
}

/** Returns a value's constraints. The pattern that belongs to a format is omitted because it adds nothing. */
function rulesOf(schema: JsonSchema): string {
  const { description, format } = schema;
  const allowed = schema.enum as unknown[] | undefined;
  return [
    ...(description ? [String(description)] : []),
    ...(allowed ? [`one of ${allowed.join(', ')}`] : []),
    ...(schema.const === undefined ? [] : [`always ${schema.const}`]),
    ...(format ? [String(format)] : []),
    ...range(schema.minLength, schema.maxLength, 'characters'),
    ...range(schema.minItems, schema.maxItems, 'items'),
    ...(schema.minimum === undefined ? [] : [`at least ${schema.minimum}`]),
  ].join('; ');
}

function range(min: unknown, max: unknown, unit: string): string[] {
  if (min === undefined && max === undefined) return [];
  if (max === undefined) return [`at least ${min} ${unit}`];
  return [min === undefined ? `at most ${max} ${unit}` : `${min} to ${max} ${unit}`];
}
