import { isDeepStrictEqual } from 'node:util';
import { isCollection, isMap, isScalar, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { changed } from '../contract/changed.ts';
import type { Change } from '../verdict/finding.ts';
import { yamlText } from './yaml-text.ts';

/** A part of a text to replace. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

type Value = Exclude<Change['value'], undefined>;
type Entry = Pair<Scalar, unknown> & { key: Scalar };

/**
 * Applies a change to a YAML or JSON text. Everything else stays as it is, with all comments.
 *
 * @returns The new text, or undefined if the change needs more than an edit in one place, such as in a part that an
 * alias shares
 */
export function editYaml(text: string, change: Change, isJson = false): string | undefined {
  const document = parseDocument(text, { merge: true });
  const splice = spliceFor(text, document.contents, change, isJson);
  if (!splice) return undefined;
  const edited = text.slice(0, splice.from) + splice.text + text.slice(splice.to);
  const after = parseDocument(edited, { merge: true });
  const isAsMeant = after.errors.length === 0 && isDeepStrictEqual(after.toJS(), changed(document.toJS(), change));
  return isAsMeant ? edited : undefined;
}

function spliceFor(text: string, root: unknown, { path, value }: Change, isJson: boolean): Splice | undefined {
  let map = root;
  for (const [depth, key] of path.entries()) {
    if (!isMap(map) || map.anchor !== undefined) return undefined;
    const entry = map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) as Entry | undefined;
    const rest = path.slice(depth + 1);
    if (!entry) return value === undefined ? undefined : insertion(text, map, key, nested(rest, value), isJson);
    if (rest.length === 0)
      return value === undefined ? removal(text, map, entry) : replacement(text, entry, value, isJson);
    map = entry.value;
  }
  return undefined;
}

const nested = (path: readonly string[], value: Value): Value =>
  path.reduceRight((inner, key) => ({ [key]: inner }), value);

const written = (value: Value, isJson: boolean): string => (isJson ? JSON.stringify(value) : yamlText(value));

/** Returns the end of an entry without the spaces, lines and comments that follow it. */
function endOf(text: string, { key, value }: Entry): number {
  const [from, to] = (value as Scalar | null)?.range ?? key.range ?? [0, 0];
  return from + text.slice(from, to).trimEnd().length;
}

const startOf = ({ key }: Entry): number => key.range?.[0] ?? 0;

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** Adds an entry after the last one: in the same line of a map in braces, otherwise in a new line. */
function insertion(text: string, map: YAMLMap, key: string, value: Value, isJson: boolean): Splice | undefined {
  const [first, last] = [map.items[0], map.items.at(-1)] as Entry[];
  const name = isJson ? JSON.stringify(key) : yamlText(key);
  const entry = `${name}: ${written(value, isJson)}`;
  if (first === undefined || last === undefined) {
    const brace = (map.range?.[0] ?? 0) + 1;
    return map.flow ? { from: brace, to: brace, text: ` ${entry} ` } : undefined;
  }
  const end = endOf(text, last);
  if (map.flow) {
    const begin = lineStart(text, startOf(last));
    const isOnOwnLine = text.slice(begin, startOf(last)).trim() === '';
    const gap = isOnOwnLine ? `\n${text.slice(begin, startOf(last))}` : ' ';
    return { from: end, to: end, text: `,${gap}${entry}` };
  }
  const at = lineEnd(text, end);
  const indent = ' '.repeat(startOf(first) - lineStart(text, startOf(first)));
  return { from: at, to: at, text: `\n${indent}${entry}` };
}

/** Replaces a value. A value of several lines is replaced only if it contains no comment. */
function replacement(text: string, entry: Entry, value: Value, isJson: boolean): Splice | undefined {
  const old = entry.value as Scalar | null;
  if (!old?.range || old.anchor !== undefined) return undefined;
  const [keyEnd, end] = [entry.key.range?.[1] ?? 0, endOf(text, entry)];
  const isBlock = isCollection(old) && !old.flow;
  const from = isBlock ? keyEnd : old.range[0];
  const before = text.slice(from, end);
  if (before.includes('#')) return undefined;
  return { from, to: end, text: `${isBlock ? ': ' : ''}${written(value, isJson)}` };
}

/** Removes an entry, unless its map would be empty. */
function removal(text: string, map: YAMLMap, entry: Entry): Splice | undefined {
  const items = map.items as Entry[];
  const index = items.indexOf(entry);
  const [before, after] = [items[index - 1], items[index + 1]];
  if (text.slice(startOf(entry), endOf(text, entry)).includes('#')) return undefined;
  if (!map.flow) {
    const from = lineStart(text, startOf(entry));
    const isWhole = text.slice(from, startOf(entry)).trim() === '';
    return items.length > 1 && isWhole ? { from, to: lineEnd(text, endOf(text, entry)) + 1, text: '' } : undefined;
  }
  if (before) return { from: endOf(text, before), to: endOf(text, entry), text: '' };
  return after ? { from: startOf(entry), to: startOf(after), text: '' } : undefined;
}
