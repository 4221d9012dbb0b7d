import type { z } from 'zod';
import { contractSchema } from '../../harness/contract/contract.ts';
import { contractJsonSchema } from '../../harness/contract/json-schema.ts';

/** A part of the JSON Schema of contracts. */
export interface Part {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Part[];
  readonly oneOf?: readonly Part[];
  readonly properties?: Readonly<Record<string, Part>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Part | boolean;
  readonly items?: Part;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** A field of a contract. A field of several forms of a part, such as `kind`, has a schema for each. */
export interface Field {
  /** The names from the root, such as `['breakers', 'NAME', 'refusal']`. NAME stands for any name. */
  readonly path: readonly string[];
  readonly schemas: readonly Part[];
  readonly isRequired: boolean;
  /** The messages of its rules, which `CONTRACT_INVALID` shows. */
  readonly errors: readonly string[];
}

const NAME = 'NAME';

/** Returns all fields that a contract may have, in the order of the schema: a part before its own fields. */
export function contractFields(): Field[] {
  const errors = new Map<string, Set<string>>();
  collectErrors(contractSchema, [], errors);
  return fieldsIn([contractJsonSchema() as Part], [], errors);
}

const formsOf = (part: Part): readonly Part[] =>
  (part.anyOf ?? part.oneOf ?? [part]).flatMap((form) => (form === part ? [form] : formsOf(form)));

function fieldsIn(parts: readonly Part[], path: readonly string[], errors: ReadonlyMap<string, Set<string>>): Field[] {
  const forms = parts.flatMap(formsOf);
  const names = [...new Set(forms.flatMap(({ properties = {} }) => Object.keys(properties)))];
  const named = names.map((name) => {
    const having = forms.filter(({ properties }) => properties && Object.hasOwn(properties, name));
    const schemas = having.flatMap(({ properties, description }) => described(properties?.[name] ?? {}, description));
    const isRequired = forms.every(
      ({ properties, required = [] }) => properties === undefined || required.includes(name),
    );
    return { path: [...path, name], schemas, isRequired };
  });
  const values = forms.flatMap(({ additionalProperties: value }) => (typeof value === 'object' ? [value] : []));
  // `onFault` may name an upstream first. Its description says so.
  const isNested = path.at(-1) === NAME && path.at(-2) === 'onFault';
  const own = named.flatMap(({ schemas, ...field }) => [
    { ...field, schemas, errors: [...(errors.get(field.path.join('.')) ?? [])] },
    ...fieldsIn(schemas, field.path, errors),
  ]);
  return [...own, ...(values.length === 0 || isNested ? [] : fieldsIn(values, [...path, NAME], errors))];
}

/** Returns the schema of a field. A constant, such as the `kind` of an authentication, is described by its form. */
const described = (part: Part, form: string | undefined): Part =>
  part.const !== undefined && form !== undefined ? { ...part, description: form } : part;

type Internals = {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly error?: (issue: object) => unknown;
  readonly path?: readonly PropertyKey[];
  readonly checks?: readonly { readonly _zod: { readonly def: Internals } }[];
};

/** Adds the messages that the rules of a schema have, by the path of the field. */
function collectErrors(schema: z.ZodType, path: readonly string[], errors: Map<string, Set<string>>): void {
  const def = schema._zod.def as unknown as Internals;
  const add = (at: readonly string[], message: unknown): void => {
    if (typeof message !== 'string' || message === '') return;
    errors.set(at.join('.'), (errors.get(at.join('.')) ?? new Set()).add(message));
  };
  for (const { _zod } of def.checks ?? []) add([...path, ...(_zod.def.path ?? []).map(String)], messageOf(_zod.def));
  add(path, messageOf(def));
  for (const [name, field] of Object.entries(def.shape ?? {})) collectErrors(field, [...path, name], errors);
  for (const inner of [def.innerType, def.element, def.keyType, def.in, ...(def.options ?? [])]) {
    if (inner) collectErrors(inner, path, errors);
  }
  if (def.valueType) collectErrors(def.valueType, [...path, NAME], errors);
}

/** Returns the message of a rule, if it does not depend on the input. */
function messageOf({ error }: Internals): unknown {
  try {
    return error?.({});
  } catch {
    return undefined;
  }
}
