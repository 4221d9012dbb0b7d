import { notAvailable } from '../vu/not-available.ts';
import { readArrayPath, splitAtPipe } from './array-path.ts';
import { items, type Json, kindOf, parse, textOf, toValue } from './json-text.ts';
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

/** Modifiers of gjson except `@this`, multipaths, literals, JSON lines, and truth in queries (`~true`). */
const ONLY_K6 =
  /(?:^|(?<!\\)[.|])(?:@(?:pretty|ugly|reverse|flatten|join|valid|keys|values|tostr|fromstr|group|dig)(?:[:.|]|$)|[[{])|^!.|^\.\.|#\([^"]*[=<>%]~/;

/**
 * Applies a path to JSON.
 *
 * @returns The result as JSON, or an empty string if nothing matches.
 * @throws EngineError NOT_AVAILABLE for parts of gjson's syntax that are rarely used
 */
function get(json: Json, path: string): Json {
  if (ONLY_K6.test(path)) notAvailable(`the path '${path}' of response.json()`);
  const [whole] = /^@this(?:[.|]|$)/.exec(path) ?? [];
  if (whole !== undefined) return whole === '@this' ? parse(json) : get(json, path.slice(whole.length));
  const search: Search = { value: '', pipe: undefined };
  searchIn(search, parse(json), path);
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
