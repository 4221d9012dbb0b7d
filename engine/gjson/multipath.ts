import { endOfString, isValid, type Json } from './json-text.ts';
import { type Get, quote } from './modifiers.ts';

interface Selector {
  /** The name as written, including quotes. If it is empty, the last name in the path is used. */
  readonly name: string;
  readonly path: string;
}

/**
 * Reads the paths inside `[…]` or `{…}`.
 *
 * @returns The selectors, which are undefined if the brackets aren't closed.
 */
export function readMultipath(path: string): { readonly selectors: Selector[] | undefined; readonly rest: string } {
  const selectors: Selector[] = [];
  let [depth, start, colon] = [1, 1, 0];
  let isArgument = false;
  const push = (end: number): void => {
    selectors.push(
      colon === 0
        ? { name: '', path: path.slice(start, end) }
        : { name: path.slice(start, colon), path: path.slice(colon + 1, end) },
    );
    [colon, start, isArgument] = [0, end + 1, false];
  };
  for (let at = 1; at < path.length; at += 1) {
    const char = path[at] as string;
    if (char === '\\') at += 1;
    else if (char === '@') isArgument ||= path[at - 1] === '.' || path[at - 1] === '|';
    else if (char === ':' && !isArgument && colon === 0 && depth === 1) colon = at;
    else if (char === ',' && depth === 1) push(at);
    else if (char === '"') at = endOfString(path, at) - 1;
    else if ('[({'.includes(char)) depth += 1;
    else if ('])}'.includes(char)) {
      depth -= 1;
      if (depth > 0) continue;
      push(at);
      return { selectors, rest: path.slice(at + 1) };
    }
  }
  return { selectors: undefined, rest: '' };
}

/** Builds an array or object from the results. Paths without a result are omitted. */
export function selectAll(json: Json, path: string, selectors: readonly Selector[], get: Get): Json {
  const isObject = path.startsWith('{');
  const parts = selectors.flatMap(({ name, path: own }) => {
    const value = get(json, own);
    if (value === '') return [];
    return [isObject ? `${nameFor(name, own)}:${value}` : value];
  });
  return isObject ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
}

function nameFor(given: string, path: string): Json {
  if (given !== '') return given.startsWith('"') && isValid(given) ? given : quote(given);
  const last = path.split(/(?<!\\)[|.]/).at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as in gjson, a name can't contain them.
  return quote(/[[\]{}()#|!\x00-\x1f]/.test(last) ? '_' : last);
}
