import { Parser, type Program } from 'acorn';
import { contains, type Node } from '../blocking/syntax.ts';
import type { Locate } from './positions.ts';

/** An ES module, or a CommonJS module: the body of a function with `module` and `exports`. */
export type ModuleKind = 'module' | 'commonjs';

/**
 * Determines a module's kind as k6 does: CommonJS if it does not parse as an ES module or uses no module syntax.
 *
 * @param locate Maps a position in the text to the file.
 * @throws SyntaxError with file, line and column if it is neither.
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

/** @param locations Whether nodes get lines and columns. */
export function parseAs(kind: ModuleKind, path: string, text: string, locate: Locate, locations: boolean): Program {
  try {
    // k6 refuses later syntax too, such as import attributes and the regular expression flag v. All of its code is
    // strict.
    return K6Parser.parse(text, { ecmaVersion: 2023, sourceType: kind, strict: true, locations });
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (!loc) throw error;
    const { line, column } = locate({ line: loc.line, column: loc.column + 1 });
    throw new SyntaxError(`${path}:${line}:${column}: ${message.replace(/ \(\d+:\d+\)$/, '')}`);
  }
}

/** State of a function or loop while it is parsed. */
interface Begun {
  readonly start: number;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly await?: boolean;
}

/** Internals of acorn's parser that its types omit. */
type Internals = new (
  ...args: never[]
) => Parser & {
  parseFunctionBody(node: Begun, ...more: unknown[]): void;
  parseForStatement(node: Begun): unknown;
  raise(position: number, message: string): never;
};

/** Refuses older syntax that k6 lacks too. */
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
