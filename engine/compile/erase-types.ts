import { createRequire } from 'node:module';
import type { transformSync } from 'rolldown/utils';

/** JavaScript compiled from TypeScript, with its source map. */
export interface Erased {
  readonly text: string;
  readonly mappings: string;
}

const require = createRequire(import.meta.url);

/**
 * Compiles one TypeScript file to JavaScript. Removes types and type-only imports, and compiles `enum`, `namespace` and
 * parameter properties.
 *
 * @throws SyntaxError with file, line and column
 */
export function eraseTypes(path: string, text: string): Erased {
  // Loading rolldown takes 50 ms, so do it only for TypeScript.
  const rolldown = require('rolldown/utils') as { transformSync: typeof transformSync };
  const { code, map, errors } = rolldown.transformSync(path, text, { lang: 'ts', sourcemap: true, tsconfig: false });
  const [error] = errors as (Error & { loc?: { line: number; column: number } })[];
  if (error) {
    const message = plain(error.message).split('\n', 1)[0] ?? '';
    const place = error.loc ? `:${error.loc.line}:${error.loc.column + 1}` : '';
    throw new SyntaxError(`${path}${place}: ${message.replace(/^\[\w+\] /, '')}`);
  }
  return { text: code, mappings: map?.mappings ?? '' };
}

/** Removes terminal colors. */
const plain = (text: string): string => text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
