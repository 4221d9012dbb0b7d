import { type Json, TEXT } from './models.ts';
import { isWithin, type Module, type Range, type Value } from './syntax.ts';

/**
 * Returns the fields that code takes from a JSON object, with values of a type that it accepts, or undefined if it
 * takes none.
 *
 * @param isObject Matches the names of the object, such as `req.body`.
 */
export function fieldsUsed(module: Module, range: Range, isObject: RegExp): Record<string, Json> | undefined {
  const text = module.text.slice(range.from, range.to);
  const inside = module.definitions.filter((defined) => isWithin(defined, range));
  const variables = inside.filter(({ value }) => isIt(value, isObject)).map(({ name }) => name);
  const names = [
    ...module.names.filter((name) => isWithin(name, range)).map(({ name }) => name),
    ...inside.flatMap(({ value }) => nameIn(value)),
    ...module.calls
      .filter((call) => isWithin(call, range) && call.callee.endsWith('.get'))
      .flatMap(({ callee, args }) =>
        args[0]?.is === 'constant' ? [`${callee.slice(0, -4)}.${args[0].constant}`] : [],
      ),
  ];
  const fields = names.flatMap((name) => {
    const [, owner = '', field = ''] = /^(.*)\.(\w+)$/.exec(name) ?? [];
    return (isObject.test(owner) || variables.includes(owner)) && !METHODS.test(field) ? [field] : [];
  });
  if (fields.length === 0) return undefined;
  return Object.fromEntries([...new Set(fields)].map((field) => [field, isNumber(field, text) ? 1 : TEXT]));
}

/** What is called on objects, and is no field of theirs. */
const METHODS = /^(get|length|items|keys|values|trim|toString|map|filter|then|catch|error)$/;
/** Fields that are numbers in most APIs. */
const NUMBERS = /^(price|amount|total|count|quantity|qty|rate|score|temperature|days|weight|age|value|balance)$/i;

const isNumber = (field: string, text: string): boolean =>
  NUMBERS.test(field) ||
  new RegExp(
    `typeof\\s+[\\w.]*\\b${field}\\s*[!=]==?\\s*['"]number|(?:isInteger|isFinite|isSafeInteger|isNaN)\\([^)]*\\b${field}\\b|isinstance\\([^,]*\\b${field}["'\\])]*,\\s*\\(?(?:int|float)`,
  ).test(text);

const nameIn = (value: Value): string[] =>
  value.is === 'name' ? [value.name] : value.is === 'operation' ? nameIn(value.left) : [];

/** Whether an expression is the object, such as `req.body ?? {}` or `await c.req.json()`. */
const isIt = (value: Value, isObject: RegExp): boolean =>
  value.is === 'name'
    ? isObject.test(value.name)
    : value.is === 'call'
      ? isObject.test(`${value.callee}()`)
      : value.is === 'operation' && isIt(value.left, isObject);
