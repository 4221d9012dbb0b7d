import type { Program } from 'acorn';
import { id, member } from '../blocking/nodes.ts';
import { forEachChild, type Node, namesIn, usedNames } from '../blocking/syntax.ts';

/** Makes `typeof __ITER` read the VU's global object, because Node's throws outside iterations. */
export function askTypesSafely(node: Node): void {
  if (node.type === 'UnaryExpression' && node.operator === 'typeof') {
    const { argument } = node;
    if (argument.type === 'Identifier' && argument.name === '__ITER') {
      node.argument = member(argument, id(argument, 'globalThis'), id(argument, '__ITER')) as typeof argument;
    }
  }
  forEachChild(node, askTypesSafely);
}

/** Returns the given names that a module uses but doesn't declare at its top level. */
export function globalsFor(program: Program, names: readonly string[]): string[] {
  const used = usedNames(program.body);
  const declared = new Set(program.body.flatMap(declaredBy));
  return names.filter((name) => used.has(name) && !declared.has(name));
}

/** Returns the names that a top-level statement declares. */
export function declaredBy(statement: Node): string[] {
  switch (statement.type) {
    case 'ImportDeclaration':
      return statement.specifiers.map(({ local }) => local.name);
    case 'VariableDeclaration':
      return statement.declarations.flatMap(({ id }) => namesIn(id));
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return statement.id ? [statement.id.name] : [];
    case 'ExportNamedDeclaration':
      return statement.declaration ? declaredBy(statement.declaration) : [];
    case 'ExportDefaultDeclaration':
      return declaredBy(statement.declaration);
    default:
      return [];
  }
}
