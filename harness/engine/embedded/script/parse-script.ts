import { type Program, parse } from 'acorn';
import { contains, type Node } from '../blocking/syntax.ts';
import type { Locate } from './positions.ts';

/** A module of the language, or one whose code is the body of a function of `module` and `exports`. */
export type ModuleKind = 'module' | 'commonjs';

/**
 * Tells a module's kind as k6 does: it is CommonJS where it is no module of the language, or has nothing that only one has.
 *
 * @param locate Finds a place of the text in its file.
 * @throws SyntaxError with file, line and column, where it is neither.
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

/** @param locations Whether nodes have lines and columns. */
export function parseAs(kind: ModuleKind, path: string, text: string, locate: Locate, locations: boolean): Program {
  try {
    // What came after 2024, such as import attributes, is a SyntaxError in k6 too; and all its code is strict.
    return parse(text, { ecmaVersion: 2024, sourceType: kind, strict: true, locations });
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (!loc) throw error;
    const { line, column } = locate({ line: loc.line, column: loc.column + 1 });
    throw new SyntaxError(`${path}:${line}:${column}: ${message.replace(/ \(\d+:\d+\)$/, '')}`);
  }
}

const isOfModules = (node: Node): boolean =>
  /^(?:Import|Export).*Declaration$/.test(node.type) ||
  node.type === 'AwaitExpression' ||
  (node.type === 'ForOfStatement' && node.await);
