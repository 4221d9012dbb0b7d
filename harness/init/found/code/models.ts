import type { Code } from './code.ts';
import { type Declared, lastOf } from './syntax.ts';

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [field: string]: Json };

/** The text that is new in each request. */
export const TEXT = 'hello ${unique}';

/** Returns a value of a type, as languages and schemas name it. */
export function scalar(type: string): Json {
  if (
    /^(int|integer|Integer|number|Number|float|Decimal|u?int\d*|float\d+|long|double|conint|PositiveInt|PositiveFloat|confloat)\b/.test(
      type,
    )
  )
    return 1;
  if (/^(bool|boolean|Boolean)$/.test(type)) return true;
  if (/^(email|EmailStr)$/.test(type)) return 'user-${unique}@example.com';
  if (/^(uuid|UUID)/.test(type)) return '7d444840-9dc0-4c2d-8b3b-0c7f2a6d8f11';
  if (/^(dict|Dict|map|record|any$|interface)/i.test(type)) return {};
  if (/^(datetime|time\.Time)/.test(type)) return '2026-01-01T00:00:00Z';
  return /^(url|AnyUrl|HttpUrl)/.test(type) ? 'https://example.com/${unique}' : TEXT;
}

/** Returns the class or struct of a type, if it describes data. */
export function modelNamed(code: Code, type: string): Declared | undefined {
  const [, name = type] = /^(?:Annotated|Optional)\[\s*([\w.]+)/.exec(type) ?? [];
  const plain = lastOf(name.replace(/^[*[\]]+/, '').split(/[\s|]/)[0] ?? '');
  const found = code.modules.flatMap(({ classes }) => classes).find((declared) => declared.name === plain);
  const isModel = (declared: Declared, depth: number): boolean =>
    declared.fields.some(({ tag }) => tag !== undefined) ||
    declared.bases.some((base) => /BaseModel$|SQLModel$|Struct$/.test(base) || (depth < 4 && isBase(base, depth))) ||
    (declared.fields.length > 0 && declared.decorators.some(({ callee }) => /dataclass$/.test(callee)));
  const isBase = (base: string, depth: number): boolean => {
    const parent = code.modules.flatMap(({ classes }) => classes).find(({ name }) => name === base);
    return parent !== undefined && isModel(parent, depth + 1);
  };
  return found && isModel(found, 0) ? found : undefined;
}

/** Returns a value of a class or struct, without its optional fields. */
export function sampleOfModel(code: Code, model: Declared, depth: number): Json {
  const inherited = model.bases.flatMap((base) => modelNamed(code, base)?.fields ?? []);
  const fields = [...inherited, ...model.fields].flatMap((field) => {
    const json = field.tag === undefined ? undefined : /json:"([\w-]*)(,omitempty)?/.exec(field.tag);
    if (json?.[1] === '-' || json?.[2] || field.name === 'model_config') return [];
    if (field.tag === undefined && field.type === '') return [];
    const { value } = field;
    const isRequired =
      value === undefined ||
      (value.is === 'call' &&
        !value.named.default &&
        !value.named.default_factory &&
        value.args.every(({ is }) => is === 'other'));
    if (!isRequired) return [];
    return [[json?.[1] || field.name, sampleOfType(code, field.type, depth)] as const];
  });
  return Object.fromEntries(fields);
}

function sampleOfType(code: Code, written: string, depth: number): Json {
  const [, annotated] = /^(?:Annotated|Optional)\[\s*(.+?)\s*[,\]]/.exec(written) ?? [];
  const type = annotated ?? written.replace(/\s*\|\s*None$/, '');
  const [, item] = /^(?:list|List|set|tuple|Sequence)\[(.+)\]$/.exec(type) ?? /^\[\](.+)$/.exec(type) ?? [];
  if (item !== undefined) return depth > 4 ? [] : [sampleOfType(code, item, depth + 1)];
  const [, literal] = /^Literal\[\s*["']([^"']*)/.exec(type) ?? [];
  if (literal !== undefined) return literal;
  const model = depth > 4 ? undefined : modelNamed(code, type);
  return model ? sampleOfModel(code, model, depth + 1) : scalar(type);
}
