import { orNothing } from '../base/or-nothing.ts';

/**
 * A JSON value as source text. Paths apply to the text, so members keep their order and duplicate names are preserved.
 * An empty string stands for a missing value. Invalid JSON is read as far as possible and never throws.
 */
export type Json = string;

type Kind = 'none' | 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function kindOf(json: Json): Kind {
  const first = json[0];
  if (first === undefined) return 'none';
  if (first === '"') return 'string';
  if (first === '{') return 'object';
  if (first === '[') return 'array';
  if (first === 't' || first === 'f') return 'boolean';
  return first === 'n' && (json[1] ?? 'u') === 'u' ? 'null' : 'number';
}

const isContainer = (json: Json): boolean => json[0] === '{' || json[0] === '[';

const isBlank = (char: string | undefined): boolean => char !== undefined && char <= ' ';

/** Returns the value at the start of the text, ignoring leading whitespace, or an empty string if there is none. */
export function parse(text: string): Json {
  let at = 0;
  while (isBlank(text[at])) at += 1;
  if (text[at] === '{' || text[at] === '[') return text.slice(at);
  return /["tfn\d+\-iIN]/.test(text[at] ?? '') ? text.slice(at, endOf(text, at)) : '';
}

/**
 * Yields the items of an array, or the alternating names and values of an object. Also accepts a sequence of values.
 */
export function* items(json: Json, from = 1): Generator<Json> {
  for (let at = from; at < json.length; ) {
    const char = json[at];
    if (char === ']' || char === '}') return;
    if (isBlank(char) || char === ',' || char === ':') {
      at += 1;
      continue;
    }
    const end = endOf(json, at);
    yield json.slice(at, end);
    at = Math.max(end, at + 1);
  }
}

/** Yields an object's names (still quoted) and values, an array's items without names, or a single scalar. */
function* members(json: Json): Generator<{ readonly name: Json; readonly value: Json }> {
  if (json === '') return;
  if (!isContainer(json)) yield { name: '', value: json };
  else if (json[0] === '[') for (const value of items(json)) yield { name: '', value };
  else {
    let name: Json | undefined;
    for (const item of items(json)) {
      if (name !== undefined) yield { name, value: item };
      name = name === undefined ? item : undefined;
    }
  }
}

/** Returns where the value that starts at the given position ends. */
function endOf(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return endOfString(text, at);
  if (first === '{' || first === '[' || first === '(') return endOfNested(text, at);
  let end = at + 1;
  while (end < text.length && !isBlank(text[end]) && !',]}'.includes(text[end] as string)) end += 1;
  return end;
}

export function endOfString(text: string, at: number): number {
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    let escapes = 0;
    while (text[quote - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0 || quote - escapes <= at) return quote + 1;
    from = quote + 1;
  }
}

/** Returns the position after the bracket that closes the one at `at`, or the end of the text if it is not closed. */
function endOfNested(text: string, at: number): number {
  const token = /["{}[\]()]/g;
  token.lastIndex = at;
  for (let depth = 0, found = token.exec(text); found; found = token.exec(text)) {
    if (found[0] === '"') token.lastIndex = endOfString(text, found.index);
    else depth += '{[('.includes(found[0]) ? 1 : -1;
    if (depth === 0) return token.lastIndex;
  }
  return text.length;
}

/** Decodes a JSON string. */
export function textOf(json: Json): string {
  const inner = json.slice(1, json.endsWith('"') && json.length > 1 ? -1 : undefined);
  if (!inner.includes('\\')) return inner;
  return orNothing(() => String(JSON.parse(`"${inner}"`)).toWellFormed()) ?? inner;
}

/** Parses a number. Returns 0 for invalid text, just as Go's ParseFloat does alongside its error. */
export function numberOf(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : 0;
}

/** Converts a JSON value to JavaScript. If a name occurs more than once, the first value wins. */
export function toValue(json: Json): unknown {
  const kind = kindOf(json);
  if (kind === 'string') return textOf(json);
  if (kind === 'number') return numberOf(json);
  if (kind === 'boolean') return json[0] === 't';
  if (kind === 'array') return Array.from(items(json), toValue);
  if (kind !== 'object') return kind === 'null' ? null : undefined;
  const object = new Map<string, unknown>();
  for (const { name, value } of members(json)) {
    const key = textOf(name);
    if (!object.has(key)) object.set(key, toValue(value));
  }
  return Object.fromEntries(object);
}
