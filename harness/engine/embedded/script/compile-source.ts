import { SourceMap } from 'node:module';
import MagicString from 'magic-string';
import { rewrite } from '../blocking/rewrite.ts';
import { SourceText } from '../blocking/source-text.ts';
import { EngineError } from '../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { insertTicks } from './insert-ticks.ts';
import type { ScriptSource } from './read-source.ts';
import { globalsFor } from './script-globals.ts';

/** Where the modules of a script import what is not theirs. */
export interface EngineModules {
  readonly globals: string;
  readonly runtime: string;
}

const maps = new Map<string, MagicString>();

/**
 * Makes a script's module runnable: with the globals of k6, and, where anything in the script waits without an
 * `await`, rewritten so that it can. No line moves.
 *
 * @param names What is to be had from `modules.globals`.
 * @throws EngineError BLOCKING_CALL_REFUSED with each wait that can't be carried over.
 */
export function compileSource(
  source: ScriptSource,
  given: { names: readonly string[]; waits: boolean; modules: EngineModules },
): string {
  const code = new MagicString(source.text);
  const { modules, waits } = given;
  const problems = waits
    ? rewrite(code, new SourceText(source.text, source.tokens), source.program, source.bindings)
    : [];
  insertTicks(code, source.program, '$k6.tick()');
  if (problems.length > 0) throw refused(source, problems);
  const globals = globalsFor(source.program, given.names);
  const imports = [
    globals.length > 0 && `import { ${globals.join(', ')} } from '${modules.globals}'; `,
    `import { runtime as $k6 } from '${modules.runtime}'; `,
    waits && 'let $k6r, $k6t, $k6u; ',
  ];
  code.prepend(imports.filter(Boolean).join(''));
  maps.set(source.path, code);
  return code.toString();
}

function refused(source: ScriptSource, problems: readonly { offset: number; construct: string }[]): EngineError {
  const lines = problems.map(({ offset, construct }) => {
    const before = source.text.slice(0, offset).split('\n');
    return `${source.path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: a call that waits, in ${construct}`;
  });
  return new EngineError(
    'BLOCKING_CALL_REFUSED',
    `the embedded engine can't run calls that wait in these places; move them out, or run this script with k6 itself:\n${lines.join('\n')}`,
    EXIT_CODES.scriptException,
  );
}

/**
 * Where something of a compiled module is in its source.
 *
 * @param line From 1.
 * @param column From 1.
 */
export function originOf(path: string, line: number, column: number): { line: number; column: number } {
  const code = maps.get(path);
  if (!code) return { line, column };
  const { mappings, sources, names, version } = code.generateMap({ hires: 'boundary', source: path });
  const map = new SourceMap({
    file: path,
    version,
    sources: sources as string[],
    sourcesContent: [],
    names,
    mappings,
    sourceRoot: '',
  });
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return { line, column };
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
