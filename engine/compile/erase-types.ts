import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { transformSync } from 'rolldown/utils';
import { EngineError } from '../base/errors.ts';
import { findOptional, installCommand } from '../base/optional-package.ts';
import { stripTypes } from './strip-types.js';

const require = createRequire(import.meta.url);

/** JavaScript compiled from TypeScript. */
export interface Erased {
  readonly text: string;
  /** The mappings of its source map, or null if all positions are the same. */
  readonly mappings: string | null;
}

/**
 * Compiles one TypeScript file to JavaScript, except for imports and exports of types (`dropTypes`). `enum`, `namespace` and parameter
 * properties need a compiler, the package rolldown.
 *
 * @throws SyntaxError with file, line and column
 * @throws EngineError PACKAGE_MISSING if the file needs a compiler that is not installed
 */
export function eraseTypes(path: string, text: string): Erased {
  try {
    return { text: stripTypes(text), mappings: null };
  } catch (error) {
    const { code, message, stack = '' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return compile(path, text, message);
    throw new SyntaxError(`${path}${placeIn(stack)}: ${message}`);
  }
}

/** Returns the place of a syntax error as `:line:column`. Node writes the line number, some lines, and carets. */
function placeIn(stack: string): string {
  const [, line, carets = ''] = /^:(\d+)\n(?:.*\n)*?( *)\^/.exec(stack) ?? [];
  return line === undefined ? '' : `:${line}:${carets.length + 1}`;
}

function compile(path: string, text: string, why: string): Erased {
  const found = findOptional('rolldown/utils');
  if (found === undefined) {
    throw new EngineError(
      'PACKAGE_MISSING',
      `${path}: ${why.replace(' in strip-only mode', ' without a compiler')}: ${installCommand('rolldown')}`,
    );
  }
  const rolldown = require(fileURLToPath(found)) as { transformSync: typeof transformSync };
  const { code, map, errors } = rolldown.transformSync(path, text, { lang: 'ts', sourcemap: true, tsconfig: false });
  const [error] = errors as (Error & { loc?: { line: number; column: number } })[];
  if (error) {
    const message = stripVTControlCharacters(error.message).split('\n', 1)[0] ?? '';
    const place = error.loc ? `:${error.loc.line}:${error.loc.column + 1}` : '';
    throw new SyntaxError(`${path}${place}: ${message.replace(/^\[\w+\] /, '')}`);
  }
  return { text: code, mappings: map?.mappings ?? '' };
}
