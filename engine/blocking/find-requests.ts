import type { Program } from 'acorn';
import { forEachChild, type Node } from './syntax.ts';

/** What a module wants of others, as far as its source says it. */
export interface Requests {
  /** The names that it imports, by specifier; `*` for an object of all. */
  readonly imported: ReadonlyMap<string, ReadonlySet<string>>;
  /** Specifiers that it gives to `require()`. */
  readonly required: ReadonlySet<string>;
  /** Whether it has `require` for anything else than calls that say what they want. */
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
        else if (wanted.type === 'ImportNamespaceSpecifier') names.add('*');
      }
    } else if (statement.type === 'ExportNamedDeclaration') {
      for (const { local } of statement.specifiers) names.add(nameOf(local));
    } else if (statement.type === 'ExportAllDeclaration' && statement.exported) names.add('*');
  }
  const required = new Set<string>();
  const requiresUnknown = findRequired(program, required);
  return { imported, required, requiresUnknown };
}

/** Collects what is given to `require()`. @returns Whether `require` stands anywhere else. */
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

/** The specifier of `require('specifier')`. */
export function requiredBy(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require')
    return undefined;
  const [first] = node.arguments;
  return first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined;
}

const nameOf = (node: Node): string =>
  node.type === 'Identifier' ? node.name : String((node as { value: unknown }).value);
