import { items, type Json, kindOf, members, numberOf, parse, textOf, toValue } from './json-text.ts';

interface Layout {
  /** Maximum width of an array on one line. Arrays that contain objects always span several lines. */
  readonly width: number;
  readonly prefix: string;
  readonly indent: string;
  readonly sortKeys: boolean;
}

/** Removes all whitespace between tokens. */
export function ugly(given: Json, comma = ','): Json {
  const json = given.trim();
  if (kindOf(json) === 'array') return `[${Array.from(items(json), (item) => ugly(item, comma)).join(comma)}]`;
  if (kindOf(json) !== 'object') return json;
  return `{${Array.from(members(json), ({ name, value }) => `${name}:${ugly(value, comma)}`).join(comma)}}`;
}

/**
 * Prints JSON with one member per line, like gjson's `@pretty`.
 *
 * @param argument For example, `{"sortKeys":true,"width":40}`.
 */
export function pretty(json: Json, argument: string): Json {
  const given = new Map(Array.from(members(parse(argument)), ({ name, value }) => [textOf(name), value]));
  const blanks = (name: string, fallback: string): string => {
    const value = given.get(name);
    return value === undefined ? fallback : String(toValue(value)).replace(/[^ \t\n\r]/g, '');
  };
  const width = given.get('width');
  const layout: Layout = {
    width: width === undefined ? 80 : Math.trunc(numberOf(width)),
    prefix: blanks('prefix', ''),
    indent: blanks('indent', '  '),
    sortKeys: given.get('sortKeys') === 'true',
  };
  return json === '' ? '' : `${layout.prefix}${lay(json.trim(), layout, 0, layout.prefix.length)}\n`;
}

/** @param column The width of the preceding text on the same line, including the newline. */
function lay(json: Json, layout: Layout, depth: number, column: number): string {
  const kind = kindOf(json);
  if (kind !== 'array' && kind !== 'object') return json;
  const room = layout.width - column;
  if (kind === 'array' && room > 3 && !holdsObject(json)) {
    const line = ugly(json, ', ');
    if (line.length <= room) return line;
  }
  const start = (level: number): string => `\n${layout.prefix}${layout.indent.repeat(level)}`;
  const begin = start(depth + 1);
  const lines =
    kind === 'array'
      ? Array.from(items(json), (item) => lay(item, layout, depth + 1, begin.length))
      : sorted([...members(json)], layout).map(
          ({ name, value }) => `${name}: ${lay(value, layout, depth + 1, begin.length + name.length + 2)}`,
        );
  const [open, close] = kind === 'array' ? '[]' : '{}';
  return lines.length === 0 ? `${open}${close}` : `${open}${begin}${lines.join(`,${begin}`)}${start(depth)}${close}`;
}

const holdsObject = (json: Json): boolean =>
  kindOf(json) === 'object' || (kindOf(json) === 'array' && [...items(json)].some(holdsObject));

const sorted = <T extends { readonly name: Json }>(all: T[], { sortKeys }: Layout): T[] =>
  sortKeys ? all.sort((a, b) => Buffer.compare(Buffer.from(textOf(a.name)), Buffer.from(textOf(b.name)))) : all;
