import { stripTypes, transformTypes } from './strip-types.js';

/** JavaScript compiled from TypeScript. */
export interface Erased {
  readonly text: string;
  /** The mappings of its source map, or null if all positions are the same. */
  readonly mappings: string | null;
}

/**
 * Compiles one TypeScript file to JavaScript, except for imports and exports of types (`dropTypes`). Positions change
 * only if it contains an `enum`, a `namespace` or parameter properties.
 *
 * @throws SyntaxError with file, line and column
 */
export function eraseTypes(path: string, text: string): Erased {
  try {
    return { text: stripTypes(text), mappings: null };
  } catch (error) {
    const { code, message, stack = '' } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw new SyntaxError(`${path}${placeIn(stack)}: ${message}`);
    const [, compiled = '', map = ''] =
      /^(.*)\n\/\/# sourceMappingURL=.*;base64,(.*)$/s.exec(transformTypes(text)) ?? [];
    const { mappings } = JSON.parse(Buffer.from(map, 'base64').toString()) as { mappings: string };
    return { text: compiled, mappings };
  }
}

/** Returns the place of a syntax error as `:line:column`. Node writes the line number, some lines, and carets. */
function placeIn(stack: string): string {
  const [, line, carets = ''] = /^:(\d+)\n(?:.*\n)*?( *)\^/.exec(stack) ?? [];
  return line === undefined ? '' : `:${line}:${carets.length + 1}`;
}
