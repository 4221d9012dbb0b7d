import { createRequire } from 'node:module';
import type { Parser, Program } from 'acorn';
import { contains, type Node, nameOf, usedNames } from '../blocking/syntax.ts';
import type { Locate } from './positions.ts';
import { declaredBy } from './script-globals.ts';

const require = createRequire(import.meta.url);

/** Returns acorn's parser. A script whose compiled text is kept doesn't need it, and it takes 2 MB. */
const loadParser = (): typeof Parser => (require('acorn') as typeof import('acorn')).Parser;

/** Either an ES module, or a CommonJS module that becomes the body of a function with `module` and `exports`. */
export type ModuleKind = 'module' | 'commonjs';

/**
 * Parses a script and determines its kind the way k6 does. It is CommonJS if it does not parse as an ES module or uses
 * no module syntax.
 *
 * @param locate Maps a position in the text to the file.
 * @throws SyntaxError with file, line and column if it is neither
 */
export function parseScript(path: string, text: string, locate: Locate): { kind: ModuleKind; program: Program } {
  let failure: unknown;
  try {
    const program = parseAs('module', path, text, locate, false);
    if (program.body.some((statement) => contains(statement, isOfModules))) return { kind: 'module', program };
  } catch (error) {
    failure = error;
  }
  try {
    return { kind: 'commonjs', program: parseAs('commonjs', path, text, locate, false) };
  } catch (error) {
    throw failure ?? error;
  }
}

/** Whether a file is in TypeScript. */
export const isTypeScript = (path: string): boolean => /\.[cm]?ts$/.test(path);

/** @param locations Whether nodes include line and column numbers. */
export function parseAs(kind: ModuleKind, path: string, text: string, locate: Locate, locations: boolean): Program {
  try {
    // k6 also rejects newer syntax, such as import attributes and the `v` flag of regular expressions. All of its code
    // is strict.
    const hasTypes = isTypeScript(path);
    const parser = parsers.get(hasTypes) ?? makeK6Parser(loadParser(), hasTypes);
    parsers.set(hasTypes, parser);
    const program = parser.parse(text, { ecmaVersion: 2023, sourceType: kind, strict: true, locations });
    if (hasTypes) dropTypes(program, text);
    return program;
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (!loc) throw error;
    const { line, column } = locate({ line: loc.line, column: loc.column + 1 });
    throw new SyntaxError(`${path}:${line}:${column}: ${message.replace(/ \(\d+:\d+\)$/, '')}`);
  }
}

/** The node for a function or loop that the parser is still parsing. */
interface Begun {
  readonly start: number;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly await?: boolean;
}

/** Internals of acorn's parser that are missing from its types. */
type Internals = new (
  ...args: never[]
) => Parser & {
  parseFunctionBody(node: Begun, ...more: unknown[]): void;
  parseForStatement(node: Begun): unknown;
  raise(position: number, message: string): never;
  raiseRecoverable(position: number, message: string): void;
};

const parsers = new Map<boolean, typeof Parser>();

/**
 * Returns a parser that also rejects older syntax that k6 doesn't support.
 *
 * @param hasTypes Whether exported names may be types, so that the module doesn't declare them.
 */
const makeK6Parser = (parser: typeof Parser, hasTypes: boolean): typeof Parser =>
  parser.extend(
    (base) =>
      class extends (base as unknown as Internals) {
        override parseFunctionBody(node: Begun, ...more: unknown[]) {
          if (node.async && node.generator) this.raise(node.start, 'Async generators are not supported, as in k6');
          super.parseFunctionBody(node, ...more);
        }

        override raiseRecoverable(position: number, message: string) {
          if (!hasTypes || !/^Export '.*' is not defined/.test(message)) super.raiseRecoverable(position, message);
        }

        override parseForStatement(node: Begun) {
          const parsed = super.parseForStatement(node);
          if (node.await) this.raise(node.start, 'for await is not supported, as in k6');
          return parsed;
        }
      } as unknown as typeof Parser,
  );

const isOfModules = (node: Node): boolean =>
  /^(?:Import|Export).*Declaration$/.test(node.type) || node.type === 'AwaitExpression';

/**
 * Removes imported and exported names that can only be types, like the compiler in k6: imports that the module doesn't
 * use, and exports that it doesn't declare. An import without remaining names is removed.
 *
 * @param program Modified in place.
 * @param text Its source, in which blanks replace types.
 */
function dropTypes(program: Program, text: string): void {
  const declared = new Set(program.body.flatMap(declaredBy));
  const used = usedNames(program.body.filter(({ type }) => type !== 'ImportDeclaration'));
  program.body = program.body.filter((node) => {
    if (node.type === 'ExportNamedDeclaration' && !node.source)
      node.specifiers = node.specifiers.filter(({ local }) => declared.has(nameOf(local)));
    if (node.type !== 'ImportDeclaration') return true;
    if (node.specifiers.length === 0) return !/\{\s{2,}\}/.test(text.slice(node.start, node.end));
    node.specifiers = node.specifiers.filter(({ local }) => used.has(local.name));
    return node.specifiers.length > 0;
  });
}
