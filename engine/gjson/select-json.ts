import { readArrayPath, splitAtPipe } from './array-path.ts';
import { endOfNested, items, type Json, kindOf, parse, textOf, toValue } from './json-text.ts';
import { applyModifier } from './modifiers.ts';
import { readMultipath, selectAll } from './multipath.ts';
import { readObjectPath } from './object-path.ts';
import { fits } from './query.ts';
import { matchesWildcard } from './wildcard.ts';

/**
 * Selects a value from JSON, like `response.json(path)`. The path uses gjson's syntax.
 *
 * @returns The value, or undefined if nothing matches.
 * @example selectJson('{"list":[{"id":1},{"id":2}]}', 'list.#(id>1).id') // 2
 */
export function selectJson(json: string, path: string): unknown {
  const found = get(json, path);
  return found === '' ? undefined : toValue(found);
}

/** The intermediate result of a search, and the path to apply to the final result. */
interface Search {
  value: Json;
  pipe: string | undefined;
}

/**
 * Applies a path in gjson's syntax (github.com/tidwall/gjson, SYNTAX.md) to JSON, like `response.json(path)`.
 *
 * @returns The result as JSON, or an empty string if nothing matches.
 */
function get(json: Json, given: string): Json {
  let path = given;
  if (path.length > 1) {
    const applied = path.startsWith('@')
      ? applyModifier(json, path, get)
      : path.startsWith('!')
        ? applyLiteral(path)
        : undefined;
    if (applied) return /^[|.]/.test(applied.rest) ? get(applied.json, applied.rest.slice(1)) : parse(applied.json);
    if (path.startsWith('[') || path.startsWith('{')) {
      const { selectors, rest } = readMultipath(path);
      if (selectors && /^([|.]|$)/.test(rest)) {
        const all = selectAll(json, path, selectors, get);
        return rest === '' ? all : get(all, rest.slice(1));
      }
      path = rest;
    }
  }
  const search: Search = { value: '', pipe: undefined };
  if (path.startsWith('..')) searchItems(search, items(json, 0), path.slice(2));
  else searchIn(search, parse(json), path);
  return search.pipe === undefined ? search.value : get(search.value, search.pipe);
}

/** @returns Whether the search is finished. If not, it continues with the next match of a wildcard. */
function searchIn(search: Search, json: Json, path: string): boolean {
  if (kindOf(json) === 'object') return searchObject(search, json, path);
  return kindOf(json) === 'array' && searchItems(search, items(json), path);
}

function searchObject(search: Search, json: Json, path: string): boolean {
  const { part, isWild, rest, pipe } = readObjectPath(path);
  if (pipe !== undefined) search.pipe = pipe;
  let name: string | undefined;
  for (const item of items(json)) {
    if (name === undefined) {
      name = textOf(item);
      continue;
    }
    const isIt = isWild ? matchesWildcard(name, part) : name === part;
    name = undefined;
    if (isIt && (rest === undefined ? found(search, item) : searchIn(search, item, rest))) return true;
  }
  return false;
}

function searchItems(search: Search, all: Iterable<Json>, path: string): boolean {
  const { index, about, query, isForAll, rest, pipe } = readArrayPath(path);
  if (pipe !== undefined) search.pipe = pipe;
  if (about === 'item') {
    let left = index;
    for (const item of all) {
      if (left === 0) return rest === undefined ? found(search, item) : searchIn(search, item, rest);
      left -= 1;
    }
    return false;
  }
  if (about === 'count') return found(search, String([...all].length));
  if (about === 'nothing') return false;
  const each = rest === undefined ? undefined : splitAtPipe(rest);
  const results: Json[] = [];
  let hasFound = about === 'each';
  for (const item of all) {
    if (query && !fits(query, leadsTo(item, query.path))) continue;
    hasFound = true;
    const result = each ? get(item, each.left) : item;
    if (query && !isForAll) {
      if (each?.pipe !== undefined) search.pipe = each.pipe;
      return found(search, result);
    }
    if (result !== '') results.push(result);
  }
  if (hasFound && each?.pipe !== undefined) search.pipe = each.pipe;
  if (about === 'each') return found(search, `[${results.join(',')}]`);
  if (isForAll && search.value === '') search.value = `[${results.join(',')}]`;
  return false;
}

/** Returns the value that a query compares. A scalar is compared directly. */
function leadsTo(item: Json, path: string): Json {
  if (kindOf(item) === 'object' || kindOf(item) === 'array') return get(item, path);
  return path === '' ? item : '';
}

function found(search: Search, value: Json): true {
  search.value = value;
  return true;
}

/** Reads a JSON literal, which is a path that starts with `!`: `!"Happysoft"`, `!true`, `![1,2]`. */
function applyLiteral(path: string): { readonly json: Json; readonly rest: string } | undefined {
  const text = path.slice(1);
  if (/^[{[]/.test(text)) {
    const end = endOfNested(text, 0);
    return { json: text.slice(0, end), rest: text.slice(end) };
  }
  // As in gjson, no path can follow a string or number: anything after it belongs to the literal.
  if (/^["+\-\d]/.test(text)) return { json: text, rest: '' };
  const [word = ''] = /^[^|.]*/.exec(text) ?? [];
  return /^(true|false|null|nan|inf)$/i.test(word) ? { json: word, rest: text.slice(word.length) } : undefined;
}
