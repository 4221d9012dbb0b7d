import { endOfString } from './json-text.ts';
import { behind, type ObjectPath } from './object-path.ts';
import { type Query, readQuery } from './query.ts';

/** The first part of a path, interpreted for an array. */
export interface ArrayPath extends Pick<ObjectPath, 'rest' | 'pipe'> {
  /** The item's index, or -1 if the part is not an index. */
  readonly index: number;
  /**
   * The items that the part refers to. Parts that start with `#` refer to all items: their count, `rest` applied to
   * each of them, or the matches of a query.
   */
  readonly about: 'item' | 'count' | 'each' | 'query' | 'nothing';
  readonly query: Query | undefined;
  /** Whether the query returns all matches: `#(…)#`. */
  readonly isForAll: boolean;
}

export function readArrayPath(path: string): ArrayPath {
  const read = path.startsWith('#(') || path.startsWith('#[') ? readQuery(path) : undefined;
  if (read === null) {
    // An unterminated query finds the first item that is neither an object nor an array.
    const query = { path: '', operator: '', value: '' };
    return { index: -1, about: 'query', query, isForAll: false, rest: undefined, pipe: undefined };
  }
  let end = read?.end ?? 0;
  while (end < path.length && path[end] !== '.' && path[end] !== '|') end += 1;
  const part = path.slice(0, end);
  const isAboutAll = part.includes('#');
  const next = path.slice(end + 1);
  const after = isAboutAll && path[end] === '.' ? { rest: next, pipe: undefined } : behind(path, end);
  const index = /^\d+$/.test(part) ? Number(part) : -1;
  const common = { index, ...after, query: read?.query, isForAll: read !== undefined && path[read.end] === '#' };
  if (read) return { ...common, about: 'query' };
  if (!isAboutAll) return { ...common, about: 'item' };
  if (part !== '#') return { ...common, about: 'nothing' };
  return { ...common, about: after.rest === undefined ? 'count' : 'each' };
}

/**
 * Splits a path at its first pipe outside a query. The left part applies to each item, the rest to the combined result.
 */
export function splitAtPipe(path: string): { readonly left: string; readonly pipe: string | undefined } {
  for (let at = 0; at < path.length; at += 1) {
    if (path[at] === '\\') at += 1;
    else if (path.startsWith('.#', at)) at = /[[(]/.test(path[at + 2] ?? '') ? endOfBrackets(path, at + 2) - 1 : at + 2;
    else if (path[at] === '|') return { left: path.slice(0, at), pipe: path.slice(at + 1) };
  }
  return { left: path, pipe: undefined };
}

/** Finds the closing bracket as in JSON, except that a backslash also escapes characters outside quotes. */
function endOfBrackets(path: string, from: number): number {
  let depth = 0;
  for (let at = from; at < path.length; at += 1) {
    const char = path[at] as string;
    if (char === '\\') at += 1;
    else if (char === '"') at = endOfString(path, at) - 1;
    else if ('{[('.includes(char)) depth += 1;
    else if ('}])'.includes(char)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return path.length;
}
