import { createRequire } from 'node:module';
import type { Program } from 'acorn';
import { EngineError, USE_K6 } from '../base/errors.ts';
import { keepText } from '../base/keep-text.js';
import {
  block,
  call,
  declare,
  functionExpression,
  id,
  importNamed,
  objectPattern,
  returned,
  statement,
  urlOfModule,
  useStrict,
} from '../blocking/nodes.ts';
import { rewrite } from '../blocking/rewrite.ts';
import { COMPILER_ID } from './compiler-id.ts';
import { toFunction } from './function-of-module.ts';
import { commonJsNamespaces, takeNamespaces } from './namespace-imports.ts';
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
  const input = JSON.stringify([source.kind, commonJsNamespaces(source), how, source.text]);
  const code = keepText(`compiled-${COMPILER_ID}`, input, () => {
    const program = source.parse({ locations: false });
    transform(source, program, how);
    return printed(program).code;
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
  return locateBy(printed(program).map.mappings);
}

/** Loads the printer only for a script whose compiled text is not kept, since it takes 4 MB. */
function printed(program: Program) {
  const { print } = require('esrap') as typeof import('esrap');
  const { default: javaScript } = require('esrap/languages/ts') as typeof import('esrap/languages/ts');
  return print(program as Parameters<typeof print>[0], javaScript(), { indent: '' });
}

function transform(source: ScriptSource, program: Program, how: Compilation): void {
  askTypesSafely(program);
  const globals = globalsFor(program, how.names);
  const requires = globalsFor(program, ['require']).length > 0;
  prepare(program);
  const problems = how.waits ? rewrite(program, source.bindings) : [];
  if (problems.length > 0) throw refused(source, problems);
  if (source.kind === 'commonjs') wrap(program, globals);
  else if (how.shared) toFunction(program, globals);
  else {
    takeNamespaces(program, source);
    putInModule(program, how.modules, { globals, requires });
  }
}

interface Parts {
  readonly globals: readonly string[];
  readonly requires: boolean;
}

function putInModule(program: Program, modules: Compilation['modules'], { globals, requires }: Parts): void {
  const begin = call(program, id(program, '$k6begin'), [urlOfModule(program)]);
  const first = [
    importNamed(program, modules.runtime, [
      ['runtime', '$k6'],
      ['begin', '$k6begin'],
    ]),
    importNamed(
      program,
      modules.globals,
      globals.map((name) => [name, name]),
    ),
    requires ? declare(program, 'const', [[id(program, 'require'), begin]]) : statement(begin),
  ];
  program.body.unshift(...(first as typeof program.body));
}

/**
 * Wraps a CommonJS module in an expression: `(function ($k6, require, $k6g) { return function (module, exports) { … }
 * })`.
 */
function wrap(program: Program, globals: readonly string[]): void {
  const names = (...all: string[]) => all.map((name) => id(program, name));
  const inner = functionExpression(program, { params: names('module', 'exports'), body: block(program, program.body) });
  const body = [
    useStrict(program),
    declare(program, 'let', [[objectPattern(program, globals), id(program, '$k6g')]]),
    returned(inner),
  ];
  const outer = functionExpression(program, { params: names('$k6', 'require', '$k6g'), body: block(program, body) });
  program.body = [statement(outer)];
}

function refused(source: ScriptSource, problems: readonly { offset: number; construct: string }[]): EngineError {
  const lines = problems.map(({ offset, construct }) => {
    const { line, column } = source.locateOffset(offset);
    return `${source.path}:${line}:${column}: a blocking call in ${construct}`;
  });
  return new EngineError(
    'BLOCKING_CALL_REFUSED',
    `the embedded engine can't run calls that wait in these places; move them out, or ${USE_K6}:\n${lines.join('\n')}`,
  );
}
