import {
  endOfNested,
  endOfString,
  isContainer,
  isValid,
  items,
  type Json,
  kindOf,
  members,
  parse,
  textOf,
} from './json-text.ts';
import { pretty, ugly } from './pretty.ts';

export type Get = (json: Json, path: string) => Json;

/** A modifier such as `@reverse`. Takes JSON and returns modified JSON. `get` applies a path. */
type Modifier = (json: Json, argument: string, get: Get) => Json;

/** Writes a string as Go does. */
export const quote = (text: string): Json =>
  JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const array = (all: Iterable<Json>): Json => `[${[...all].join(',')}]`;
const object = (all: Iterable<readonly [name: Json, value: Json]>): Json =>
  `{${Array.from(all, ([name, value]) => `${name}:${value}`).join(',')}}`;

/** Whether an argument such as `{"deep":true}` sets an option to true. */
const asks = (argument: string, name: string): boolean =>
  [...members(parse(argument))].some((member) => textOf(member.name) === name && member.value === 'true');

const inner = (json: Json): string => json.trim().slice(1, -1).trim();

function reverse(json: Json): Json {
  const value = parse(json);
  if (kindOf(value) === 'array') return array([...items(value)].reverse());
  if (kindOf(value) !== 'object') return json;
  return object([...members(value)].reverse().map((member) => [member.name, member.value]));
}

function flatten(json: Json, argument: string): Json {
  const value = parse(json);
  if (kindOf(value) !== 'array') return json;
  const isDeep = asks(argument, 'deep');
  const parts = Array.from(items(value), (item) => {
    if (kindOf(item) !== 'array') return item;
    return inner(isDeep ? flatten(item, argument) : item);
  });
  return array(parts.filter((part) => part !== ''));
}

/**
 * Merges objects. If a name occurs more than once, the last value wins but takes the position of the first, unless
 * duplicates are preserved.
 */
function join(json: Json, argument: string): Json {
  const value = parse(json);
  if (kindOf(value) !== 'array') return json;
  const objects = [...items(value)].filter((item) => kindOf(item) === 'object');
  if (asks(argument, 'preserve')) return `{${objects.map(inner).join(',')}}`;
  const found = new Map<string, [Json, Json]>();
  for (const item of objects) {
    for (const member of members(item)) {
      const key = textOf(member.name);
      found.set(key, [found.get(key)?.[0] ?? member.name, member.value]);
    }
  }
  return object(found.values());
}

function keys(json: Json): Json {
  const value = parse(json);
  return array(Array.from(members(value), ({ name }) => (kindOf(value) === 'object' ? name : 'null')));
}

function values(json: Json): Json {
  const value = parse(json);
  return kindOf(value) === 'array' ? json : array(Array.from(members(value), (member) => member.value));
}

function fromString(json: Json): Json {
  if (!isValid(json)) return '';
  const value = parse(json);
  if (kindOf(value) === 'string') return textOf(value);
  return kindOf(value) === 'null' ? '' : value;
}

/** Turns `{"id":[1,2],"name":["a","b"]}` into `[{"id":1,"name":"a"},{"id":2,"name":"b"}]`. */
function group(json: Json): Json {
  const value = parse(json);
  if (kindOf(value) !== 'object') return '';
  const rows: [Json, Json][][] = [];
  for (const member of members(value)) {
    if (kindOf(member.value) !== 'array') continue;
    for (const [index, item] of [...items(member.value)].entries()) {
      rows[index] ??= [];
      rows[index].push([member.name, item]);
    }
  }
  return array(rows.map(object));
}

function* dig(json: Json, path: string, get: Get): Generator<Json> {
  const found = get(json, path);
  if (found !== '') yield found;
  if (isContainer(json)) for (const { value } of members(json)) yield* dig(value, path, get);
}

export const MODIFIERS: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ['pretty', pretty],
  ['ugly', (json) => ugly(json)],
  ['reverse', reverse],
  ['this', (json) => json],
  ['flatten', flatten],
  ['join', join],
  ['valid', (json) => (isValid(json) ? json : '')],
  ['keys', keys],
  ['values', values],
  ['tostr', quote],
  ['fromstr', fromString],
  ['group', group],
  ['dig', (json, path, get) => array(dig(parse(json), path, get))],
]);

/** The result of a leading `@` or `!` part, and the rest of the path. */
interface Applied {
  readonly json: Json;
  readonly rest: string;
}

/** Applies the modifier at the start of a path. Returns undefined if there is no such modifier. */
export function applyModifier(json: Json, path: string, get: Get): Applied | undefined {
  const [, name = ''] = /^@([^:|.]*)/.exec(path) ?? [];
  const modifier = MODIFIERS.get(name);
  if (!modifier) return undefined;
  let rest = path.slice(1 + name.length);
  let argument = '';
  if (rest.startsWith(':')) {
    rest = rest.slice(1);
    const end = endOfArgument(rest);
    [argument, rest] = [rest.slice(0, end), rest.slice(end)];
  }
  return { json: modifier(json, argument, get), rest };
}

/**
 * Returns where a modifier's argument ends. A JSON argument ends with its value. Any other argument ends at a `|`
 * outside brackets and quotes, or at the end of the path.
 */
function endOfArgument(text: string): number {
  if (text.startsWith('{') || text.startsWith('[')) return endOfNested(text, 0);
  if (text.startsWith('"')) return endOfString(text, 0);
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === '|') return at;
    if (char === '"') at = endOfString(text, at) - 1;
    else if ('{[('.includes(char)) at = endOfNested(text, at) - 1;
  }
  return text.length;
}
