import { Parser, type Program } from 'acorn';
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
    // Later syntax, such as import attributes and the regular expressions' flag v, is a SyntaxError in k6 too. All its code is strict.
    return K6Parser.parse(text, { ecmaVersion: 2023, sourceType: kind, strict: true, locations });
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (!loc) throw error;
    const { line, column } = locate({ line: loc.line, column: loc.column + 1 });
    throw new SyntaxError(`${path}:${line}:${column}: ${message.replace(/ \(\d+:\d+\)$/, '')}`);
  }
}

/** What is known of a function or a loop while it is parsed. */
interface Begun {
  readonly start: number;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly await?: boolean;
}

/** Parts of acorn's parser that its types leave out. */
type Internals = new (
  ...args: never[]
) => Parser & {
  parseFunctionBody(node: Begun, ...more: unknown[]): void;
  parseForStatement(node: Begun): unknown;
  raise(position: number, message: string): never;
};

/** Refuses the older syntax that k6 lacks as well. */
const K6Parser = Parser.extend(
  (base) =>
    class extends (base as unknown as Internals) {
      override parseFunctionBody(node: Begun, ...more: unknown[]) {
        if (node.async && node.generator) this.raise(node.start, 'Async generators are not supported, as in k6');
        super.parseFunctionBody(node, ...more);
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
