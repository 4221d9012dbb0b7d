import { textOfField } from '../../faults/marks/field-text.ts';
import type { MarkedAnswer } from '../../faults/marks/marked-answer.ts';

type Schema = Readonly<Record<string, unknown>>;

const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  time: '00:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

// A schema may be recursive. If the recursion is required, no finite value is valid.
const MAX_DEPTH = 20;

/**
 * Returns the simplest value that is valid for a JSON schema: only required properties, the first enum value or
 * alternative, the smallest number, the shortest list. Strings that the schema leaves free consist of the answer's mark
 * words, unless the name of their field says that programs use them. `pattern`, `not`, `if` and `uniqueItems` are
 * ignored.
 */
export const sampleJson = (schema: unknown, marked: Pick<MarkedAnswer, 'text'>): unknown =>
  sample(schema, { root: schema, marked, name: 'text' }, 0);

interface Sampling {
  /** The schema to which references refer. */
  readonly root: unknown;
  readonly marked: Pick<MarkedAnswer, 'text'>;
  /** The name of the nearest field that contains the value. */
  readonly name: string;
}

type Deeper = (inner: unknown, name?: string) => unknown;

function sample(schema: unknown, sampling: Sampling, depth: number): unknown {
  if (typeof schema !== 'object' || schema === null || depth > MAX_DEPTH) return null;
  const { $ref, const: constant, enum: values, anyOf, oneOf, allOf, type } = schema as Schema;
  const deeper: Deeper = (inner, name = sampling.name) => sample(inner, { ...sampling, name }, depth + 1);

  if (typeof $ref === 'string') return deeper(resolve($ref, sampling.root));
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return values[0];
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return deeper(alternatives[0]);
  const sampleAs = (own: unknown): unknown => sampleOf(own, schema as Schema, deeper, sampling);
  if (Array.isArray(allOf)) return Object.assign({}, ...allOf.map((part) => deeper(part)), sampleAs('object'));
  return sampleAs(Array.isArray(type) ? type[0] : type);
}

function sampleOf(type: unknown, schema: Schema, deeper: Deeper, sampling: Sampling): unknown {
  switch (type) {
    case 'string':
      return sampleString(schema, sampling);
    case 'integer':
    case 'number':
      return sampleNumber(schema, type === 'integer');
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => deeper(schema.items));
    default: {
      const properties = (schema.properties ?? {}) as Schema;
      const required = (schema.required ?? []) as string[];
      return Object.fromEntries(required.map((name) => [name, deeper(properties[name], name)]));
    }
  }
}

function sampleString(
  { format, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema,
  { marked, name }: Sampling,
): string {
  const limits = { minLength: Number(minLength), maxLength: Number(maxLength) };
  const content = format === undefined && pattern === undefined ? textOfField(name) : 'fixed';
  const text = content === 'fixed' ? FORMATS[String(format)] : marked.text({ isLong: content === 'long', ...limits });
  return text ?? 'text'.padEnd(limits.minLength, ' text').slice(0, limits.maxLength);
}

function sampleNumber(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Schema,
  isWhole: boolean,
): number {
  const step = Number(multipleOf ?? (isWhole ? 1 : 0));
  const least = Number(minimum ?? -Infinity);
  const above = Number(exclusiveMinimum ?? -Infinity);
  const most = Number(maximum ?? exclusiveMaximum ?? Infinity);
  const roundUp = (value: number): number => (step === 0 ? value : Math.ceil(value / step) * step);

  if (above >= least && Number.isFinite(above)) {
    const next = roundUp(above);
    return next > above ? next : above + (step || Math.min(1, (most - above) / 2));
  }
  if (Number.isFinite(least)) return roundUp(least);
  if (most > 0) return 0;
  return step === 0 ? most - 1 : Math.floor((most - 1) / step) * step;
}

function resolve(reference: string, root: unknown): unknown {
  return reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter(Boolean)
    .reduce<unknown>((at, name) => Reflect.get(Object(at), name.replaceAll('~1', '/').replaceAll('~0', '~')), root);
}
