/** The first part of a path, interpreted for an object. */
export interface ObjectPath {
  /** A name, or a pattern if `isWild` is true. */
  readonly part: string;
  readonly isWild: boolean;
  /** The path after a dot, if any. It applies to each matching value. */
  readonly rest: string | undefined;
  /** The path after a pipe, if any. It applies to the result of everything before the pipe. */
  readonly pipe: string | undefined;
}

/** Whether a path starts with `@this`, the value as a whole. A dot before it acts as a pipe. */
const isForWhole = (path: string): boolean => /^@this(?:[.|]|$)/.test(path);

/** Returns the path after a part. `separator` is the position of a dot or pipe, or the end of the path. */
export function behind(path: string, separator: number): Pick<ObjectPath, 'rest' | 'pipe'> {
  if (separator >= path.length) return { rest: undefined, pipe: undefined };
  const next = path.slice(separator + 1);
  return path[separator] === '|' || isForWhole(next)
    ? { rest: undefined, pipe: next }
    : { rest: next, pipe: undefined };
}

/** Reads the first part of a path. A backslash escapes the next character, as in `fav\.movie`. */
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
