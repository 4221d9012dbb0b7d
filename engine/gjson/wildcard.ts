/**
 * Whether a string matches a pattern, in which `*` matches any string, `?` matches one character, and `\` escapes the
 * next character.
 */
export function matchesWildcard(text: string, pattern: string): boolean {
  const wanted = readPattern(pattern);
  if (!wanted) return false;
  const chars = [...text];
  let [at, of, star, resume] = [0, 0, -1, 0];
  while (at < chars.length) {
    const next = wanted[of];
    if (next?.kind === 'any') {
      [star, resume] = [of, at];
      of += 1;
    } else if (next && (next.kind === 'one' || next.char === chars[at])) {
      at += 1;
      of += 1;
    } else if (star >= 0) {
      // Let the last `*` match one more character.
      resume += 1;
      [at, of] = [resume, star + 1];
    } else return false;
  }
  return wanted.slice(of).every(({ kind }) => kind === 'any');
}

interface PatternPart {
  readonly kind: 'any' | 'one' | 'char';
  readonly char: string;
}

/** @returns null if the pattern ends with a lone backslash. Such a pattern matches nothing. */
function readPattern(pattern: string): PatternPart[] | null {
  const parts: PatternPart[] = [];
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] as string;
    if (char === '*') parts.push({ kind: 'any', char });
    else if (char === '?') parts.push({ kind: 'one', char });
    else if (char !== '\\') parts.push({ kind: 'char', char });
    else {
      at += 1;
      if (at === chars.length) return null;
      parts.push({ kind: 'char', char: chars[at] as string });
    }
  }
  return parts;
}
