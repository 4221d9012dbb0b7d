import { notAvailable } from '../vu/not-available.ts';

/** Patterns and queries of gjson, modifiers, multipaths, literals, and JSON lines. */
const ONLY_K6 =
  /(?:^|(?<!\\)[.|])(?:@(?:this|pretty|ugly|reverse|flatten|join|valid|keys|values|tostr|fromstr|group|dig)(?:[:.|]|$)|[[{]|#[([])|^!.|^\.\.|(?<!\\)[*?]/;

/**
 * Selects a part of parsed JSON, like `response.json(path)`. The path uses gjson's syntax.
 *
 * @returns A copy, or undefined if nothing matches.
 * @throws EngineError NOT_AVAILABLE for parts of gjson's syntax that are rarely used
 * @example selectJson({ list: [{ id: 1 }, { id: 2 }] }, 'list.#.id') // [1, 2]
 */
export function selectJson(json: unknown, path: string): unknown {
  if (ONLY_K6.test(path))
    notAvailable(`the path '${path}' of response.json() (without a path, it returns the whole value)`);
  return structuredClone(search(json, path));
}

function search(value: unknown, path: string): unknown {
  const pipe = indexOf(path, '|');
  if (pipe < path.length) return search(search(value, path.slice(0, pipe)), path.slice(pipe + 1));
  const end = indexOf(path, '.');
  const part = path.slice(0, end);
  const follow = (found: unknown) => (end < path.length ? search(found, path.slice(end + 1)) : found);
  if (Array.isArray(value)) {
    if (/^\d+$/.test(part)) return follow(value[Number(part)]);
    if (part !== '#') return undefined;
    return end < path.length ? value.map(follow).filter((result) => result !== undefined) : value.length;
  }
  const name = part.replace(/\\(.?)/gsu, '$1');
  const isMember = value !== null && typeof value === 'object' && Object.hasOwn(value, name);
  return isMember ? follow((value as Record<string, unknown>)[name]) : undefined;
}

/** Returns the index of the first such character that is not escaped, or the length of the path. */
function indexOf(path: string, wanted: string): number {
  let at = 0;
  while (at < path.length && path[at] !== wanted) at += path[at] === '\\' ? 2 : 1;
  return at;
}
