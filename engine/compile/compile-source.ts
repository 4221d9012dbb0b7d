import { createRequire } from 'node:module';
import type { Program } from 'acorn';
import { EngineError, USE_K6 } from '../base/errors.ts';
import { keepText } from '../base/keep-text.js';
import type { Problem } from '../blocking/context.ts';
import { rewrite } from '../blocking/rewrite.ts';
import { COMPILER_ID } from './compiler-id.ts';
import { takeImportsAndExports } from './function-of-module.ts';
import { bridgedNamespaces, takeNamespaces } from './namespace-imports.ts';
import { type Locate, locateBy, type Position } from './positions.ts';
import { prepare } from './prepare.ts';
import type { ScriptSource } from './read-source.ts';
import { askTypesSafely, globalsFor } from './script-globals.ts';

const require = createRequire(import.meta.url);

/** How to compile a module. */
export interface Compilation {
  /** The names that `modules.globals` exports. */
  readonly names: readonly string[];
  /** Whether any code in the script blocks without `await`. */
  readonly waits: boolean;
  /** Whether to turn ES modules into functions (`function-of-module.ts`). */
  readonly shared: boolean;
  /** Specifiers of the engine's own modules. */
  readonly modules: { readonly globals: string; readonly runtime: string };
}

/**
 * How each file was compiled, for mapping positions. All compilations of a file have the same line breaks, so the
 * latest one is used.
 */
const compiled = new Map<string, { source: ScriptSource; how: Compilation; locate?: Locate }>();

/**
 * Compiles one of the script's modules. Adds k6's globals and, if any code in the script blocks without `await`,
 * rewrites the module to support that. The syntax tree is modified and printed again.
 *
 * @throws EngineError BLOCKING_CALL_REFUSED that lists every blocking call in a place that can't block
 */
export function compileSource(source: ScriptSource, how: Compilation): string {
  const input = JSON.stringify([source.kind, bridgedNamespaces(source), how, source.text]);
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

/**
 * Compiles a module a second time with positions. Positions take longer than the rest of the compilation, and most
 * modules never need them.
 */
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
  const names = globalsFor(program, [...how.names, 'require']);
  const globals = names.filter((name) => name !== 'require').join(', ');
  prepare(program);
  const problems = how.waits ? rewrite(program, source.bindings) : [];
  if (problems.length > 0) throw refused(source, problems);
  if (source.kind === 'commonjs') return commonJsFrame(globals);
  if (how.shared) return functionFrame(globals, takeImportsAndExports(program));
  takeNamespaces(program, source);
  return moduleFrame(globals, how.modules, names.includes('require'));
}

const moduleFrame = (globals: string, modules: Compilation['modules'], requires: boolean): Frame => ({
  before: [
    `import { runtime as $k6, begin as $k6begin } from '${modules.runtime}';`,
    `import { ${globals} } from '${modules.globals}';`,
    `${requires ? 'const require = ' : ''}$k6begin(import.meta);`,
  ].join(' '),
  after: '',
});

/** A CommonJS module becomes an expression for a function that returns a function with the module's body. */
const commonJsFrame = (globals: string): Frame => ({
  before: `(function ($k6, require, $k6g) { 'use strict'; let { ${globals} } = $k6g; return function (module, exports) {`,
  after: '}; })',
});

/**
 * An ES module becomes an expression for such a function, too. All VUs call the outer function, so they share the code
 * that V8 compiles for the functions inside. With a module for each VU, V8 would compile and optimize all of them for
 * each VU.
 *
 * @param exported The exported names and the variables that hold the values.
 */
const functionFrame = (globals: string, exported: readonly (readonly [name: string, local: string])[]): Frame => ({
  before: `(function ($k6, $k6import, $k6g) { 'use strict'; const { ${globals} } = $k6g; return function () {`,
  after: `return { ${exported.map(([name, local]) => `${JSON.stringify(name)}: ${local}`).join(', ')} }; }; })`,
});

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
