import { MODIFIERS } from './modifiers.ts';

/** The first part of a path, as applied to an object. */
export interface ObjectPath {
  /** A name, or a pattern if `isWild`. */
  readonly part: string;
  readonly isWild: boolean;
  /** The path after a dot, applied to each matching value; undefined if there is none. */
  readonly rest: string | undefined;
  /** The path after a pipe, applied to the result of everything before it; undefined if there is none. */
  readonly pipe: string | undefined;
}

/** Whether a path starts with a part that applies to a value as a whole. The dot before it then acts as a pipe. */
function isForWhole(path: string): boolean {
  if (path.startsWith('@')) return MODIFIERS.has(/^@([^.|:]*)/.exec(path)?.[1] ?? '');
  return path.startsWith('[') || path.startsWith('{');
}

/** Returns the path after a part. `separator` is the position of a dot or pipe, or the end of the path. */
export function behind(path: string, separator: number): Pick<ObjectPath, 'rest' | 'pipe'> {
  if (separator >= path.length) return { rest: undefined, pipe: undefined };
  const next = path.slice(separator + 1);
  return path[separator] === '|' || isForWhole(next)
    ? { rest: undefined, pipe: next }
    : { rest: next, pipe: undefined };
}

/** Reads the first part of a path. A backslash escapes the next character: `fav\.movie`. */
export function readObjectPath(path: string): ObjectPath {
  let part = '';
  let isWild = false;
  let at = 0;
  for (; at < path.length; at += 1) {
    const char = path[at] as string;
    if (char === '.' || char === '|') break;
    if (char === '\\') {
      at += 1;
      part += path[at] ?? '';
    } else {
      isWild ||= char === '*' || char === '?';
      part += char;
    }
  }
  return { part, isWild, ...behind(path, at) };
}
