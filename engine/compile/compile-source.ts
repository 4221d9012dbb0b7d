import { createRequire } from 'node:module';
import type { Program } from 'acorn';
import { EngineError, USE_K6 } from '../base/errors.ts';
import { keepText } from '../base/keep-text.js';
import type { Problem } from '../blocking/context.ts';
import { rewrite } from '../blocking/rewrite.ts';
import { COMPILER_ID } from './compiler-id.ts';
import { takeImportsAndExports } from './function-of-module.ts';
import { type Locate, locateBy, type Position } from './positions.ts';
import { prepare } from './prepare.ts';
import type { ScriptSource } from './read-source.ts';
import { askTypesSafely, globalsFor } from './script-globals.ts';

const require = createRequire(import.meta.url);

/** How to compile a module. */
export interface Compilation {
  /** The names of globals that belong to a VU. */
  readonly names: readonly string[];
  /** Whether any code in the script blocks without `await`. */
  readonly waits: boolean;
  /** Whether the module or one that it imports uses top-level `await`. */
  readonly isAsync: boolean;
}

/** How each file was compiled last, for mapping positions. All compilations have the same line breaks. */
const compiled = new Map<string, { source: ScriptSource; how: Compilation; locate?: Locate }>();

/**
 * Compiles one of the script's modules to an expression for a function that returns a function with the module's body.
 * All VUs call the outer function, so they share the code that V8 compiles for the functions inside. If any code in the
 * script blocks without `await`, the module is rewritten to support that. The syntax tree is modified and printed again.
 *
 * @throws EngineError BLOCKING_CALL_REFUSED that lists every blocking call in a place that can't block
 */
export function compileSource(source: ScriptSource, how: Compilation): string {
  const input = JSON.stringify([source.kind, how, source.text]);
  const code = keepText(`compiled-${COMPILER_ID}`, input, () => {
    const program = source.parse({ locations: false });
    const { before, after } = transform(source, program, how);
    return [before, printed(program).code, after].join('\n');
  });
  compiled.set(source.path, { source, how });
  return code;
}

/** Maps a position in a compiled module to its source file. */
export function originOf(path: string, position: Position): Position {
  const found = compiled.get(path);
  if (!found) return position;
  found.locate ??= locateCompiled(found.source, found.how);
  return found.source.locate(found.locate(position));
}

/** Compiles a module again with positions, which take longer than the rest and are needed for few modules. */
function locateCompiled(source: ScriptSource, how: Compilation): Locate {
  const program = source.parse({ locations: true });
  transform(source, program, how);
  // The semicolon stands for the line before the module.
  return locateBy(`;${printed(program).map.mappings}`);
}

/** Loads the printer only for a script whose compiled text is not kept, since it takes 4 MB. */
function printed(program: Program) {
  const { print } = require('esrap') as typeof import('esrap');
  const { default: javaScript } = require('esrap/languages/ts') as typeof import('esrap/languages/ts');
  return print(program as Parameters<typeof print>[0], javaScript(), { indent: '' });
}

/** Text around a compiled module. */
interface Frame {
  /** A single line. */
  readonly before: string;
  readonly after: string;
}

function transform(source: ScriptSource, program: Program, how: Compilation): Frame {
  askTypesSafely(program);
  const globals = globalsOf(globalsFor(program, how.names));
  prepare(program);
  const problems = how.waits ? rewrite(program, source.bindings) : [];
  if (problems.length > 0) throw refused(source, problems);
  const outer = `(function ($k6, $k6g, $k6load, $k6import, $k6export, $k6meta, require) { 'use strict'; ${globals} return`;
  const after = '}; })';
  if (source.kind === 'commonjs') return { before: `${outer} function (module, exports) {`, after };
  const exported = takeImportsAndExports(program, how.isAsync);
  const getters = exported.map(([name, local]) => `get ${JSON.stringify(name)}() { return ${local}; }`).join(', ');
  return { before: `${outer} ${how.isAsync ? 'async ' : ''}function () { $k6export({ ${getters} });`, after };
}

/** Declares the globals that a module uses. They follow the properties that a script sets on the global object. */
function globalsOf(names: readonly string[]): string {
  if (names.length === 0) return '';
  const cases = names.map((name) => `case '${name}': ${name} = value; break;`).join(' ');
  return `let { ${names.join(', ')} } = $k6g.values; $k6g.bind((name, value) => { switch (name) { ${cases} } });`;
}

function refused(source: ScriptSource, problems: readonly Problem[]): EngineError {
  const lines = problems.map(({ offset, what }) => {
    const { line, column } = source.locateOffset(offset);
    return `${source.path}:${line}:${column}: ${what}`;
  });
  return new EngineError(
    'BLOCKING_CALL_REFUSED',
    `the embedded engine can't run calls that wait in these places; move them out, or ${USE_K6}:\n${lines.join('\n')}`,
  );
}
