import type { Program } from 'acorn';
import { forEachChild, type Node } from './syntax.ts';

/** A module's imports, as far as they can be determined statically. */
export interface Requests {
  /** Specifiers of imports, and of exports of other modules. */
  readonly imported: readonly string[];
  /** Specifiers passed to `require()`. */
  readonly required: readonly string[];
  /** Whether `require` is used in any way other than a call with a literal specifier. */
  readonly requiresUnknown: boolean;
}

export function findRequests(program: Program): Requests {
  const imported = program.body.flatMap((statement) =>
    'source' in statement && statement.source ? [String(statement.source.value)] : [],
  );
  const required = new Set<string>();
  const requiresUnknown = findRequired(program, required);
  return { imported: [...new Set(imported)], required: [...required], requiresUnknown };
}

/**
 * Collects the specifiers passed to `require()`.
 *
 * @returns Whether `require` is used in any other way.
 */
function findRequired(node: Node, required: Set<string>): boolean {
  const specifier = requiredBy(node);
  if (specifier !== undefined) {
    required.add(specifier);
    return false;
  }
  if (node.type === 'Identifier') return node.name === 'require';
  if (node.type === 'UnaryExpression' && node.operator === 'typeof' && node.argument.type === 'Identifier')
    return false;
  let found = false;
  forEachChild(node, (child) => {
    if (findRequired(child, required)) found = true;
  });
  return found;
}

/** Returns the specifier if the node is `require('specifier')`. */
export function requiredBy(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require')
    return undefined;
  const [first] = node.arguments;
  return first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined;
}
