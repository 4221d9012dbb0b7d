import type { Program } from 'acorn';
import { forEachChild, type Node } from './syntax.ts';

/** A module's imports, as far as they can be determined statically. */
export interface Requests {
  /** Imported names by specifier. `*` stands for a namespace import. */
  readonly imported: ReadonlyMap<string, ReadonlySet<string>>;
  /** Specifiers passed to `require()`. */
  readonly required: ReadonlySet<string>;
  /** Whether `require` is used in any way other than a call with a literal specifier. */
  readonly requiresUnknown: boolean;
}

export function findRequests(program: Program): Requests {
  const imported = new Map<string, Set<string>>();
  for (const statement of program.body) {
    if (!('source' in statement) || !statement.source) continue;
    const specifier = String(statement.source.value);
    const names = imported.get(specifier) ?? new Set();
    imported.set(specifier, names);
    if (statement.type === 'ImportDeclaration') {
      for (const wanted of statement.specifiers) {
        if (wanted.type === 'ImportSpecifier') names.add(nameOf(wanted.imported));
        else names.add(wanted.type === 'ImportNamespaceSpecifier' ? '*' : 'default');
      }
    } else if (statement.type === 'ExportNamedDeclaration') {
      for (const { local } of statement.specifiers) names.add(nameOf(local));
    } else if (statement.type === 'ExportAllDeclaration' && statement.exported) names.add('*');
  }
  const required = new Set<string>();
  const requiresUnknown = findRequired(program, required);
  return { imported, required, requiresUnknown };
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

/** Returns a name in an import or export, which is an identifier or a string. */
export const nameOf = (node: Node): string =>
  node.type === 'Identifier' ? node.name : String((node as { value: unknown }).value);
