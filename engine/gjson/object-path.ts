import { MODIFIERS } from './modifiers.ts';

/** The first part of a path, as it is read where it meets an object. */
export interface ObjectPath {
  /** A name; a pattern where it `isWild`. */
  readonly part: string;
  readonly isWild: boolean;
  /** The path behind a dot: of each value that has the name. undefined for none. */
  readonly rest: string | undefined;
  /** The path behind a pipe: of what all before it gives. undefined for none. */
  readonly pipe: string | undefined;
}

/** Whether a path begins with what is applied to a value as a whole, so that the dot before it is a pipe. */
function isForWhole(path: string): boolean {
  if (path.startsWith('@')) return MODIFIERS.has(/^@([^.|:]*)/.exec(path)?.[1] ?? '');
  return path.startsWith('[') || path.startsWith('{');
}

/** What follows a part: `separator` is the place of a dot or a pipe in a path, or its end. */
export function behind(path: string, separator: number): Pick<ObjectPath, 'rest' | 'pipe'> {
  if (separator >= path.length) return { rest: undefined, pipe: undefined };
  const next = path.slice(separator + 1);
  return path[separator] === '|' || isForWhole(next)
    ? { rest: undefined, pipe: next }
    : { rest: next, pipe: undefined };
}

/** Reads a path's first part. A backslash takes the next character as it is: `fav\.movie`. */
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
