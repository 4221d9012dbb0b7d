import type { Program } from 'acorn';
import { nameOf } from '../blocking/find-requests.ts';
import { call, declare, id, literal, objectOf, patternOf } from '../blocking/nodes.ts';
import { contains, containsAnywhere, type Node, namesIn } from '../blocking/syntax.ts';
import { declaredBy } from './script-globals.ts';

/** The name of the variable for a default export without a name. The rewriter uses it too. */
const DEFAULT = '$k6default';

/** Names whose values a function can't provide as a module does. */
const OF_MODULES = new Set(['globalThis', 'global', 'require', 'arguments', 'eval']);

/**
 * Whether a function can stand for an ES module: its exports never change once it has run, it does not wait, and it
 * uses nothing that only modules have.
 */
export function canBeFunction(program: Program): boolean {
  const exported = new Set(program.body.flatMap(exportsOf).map(([, local]) => local));
  const refuses = (node: Node): boolean => {
    if (node.type === 'Identifier') return OF_MODULES.has(node.name);
    return (
      (node.type === 'MetaProperty' && node.meta.name === 'import') ||
      assignedBy(node).some((name) => exported.has(name))
    );
  };
  const isAwait = ({ type }: Node): boolean => type === 'AwaitExpression';
  return !program.body.some(
    (node) => node.type === 'ExportAllDeclaration' || contains(node, isAwait) || containsAnywhere(node, refuses),
  );
}

/** Returns the names of the variables that an expression or a loop assigns to. */
function assignedBy(node: Node): string[] {
  if (node.type === 'UpdateExpression') return namesIn(node.argument);
  const assigns =
    node.type === 'AssignmentExpression' || node.type === 'ForInStatement' || node.type === 'ForOfStatement';
  return assigns ? namesIn(node.left) : [];
}

/** Returns the names that a module exports. */
export const exportedBy = (program: Program): string[] =>
  program.body
    .flatMap(exportsOf)
    .map(([name]) => name)
    .sort();

/** Returns what a statement exports: the names, and the variables that hold the values. */
function exportsOf(node: Node): [exported: string, local: string][] {
  if (node.type === 'ExportDefaultDeclaration') return [['default', declaredBy(node.declaration)[0] ?? DEFAULT]];
  if (node.type !== 'ExportNamedDeclaration') return [];
  if (node.declaration) return declaredBy(node.declaration).map((name) => [name, name]);
  return node.specifiers.map(({ exported, local, start }) => [
    nameOf(exported),
    node.source ? `$k6from${start}` : nameOf(local),
  ]);
}

/**
 * Turns a module's imports into calls of `$k6import()`, and its exports into variables.
 *
 * @param program Modified in place, to a function's body. See {@link canBeFunction}.
 * @returns The exported names in order, and the variables that hold the values.
 */
export function takeImportsAndExports(program: Program): [exported: string, local: string][] {
  const exported = program.body.flatMap(exportsOf).sort(([a], [b]) => (a < b ? -1 : 1));
  const body = [...program.body.flatMap(importsOf), ...program.body.flatMap(withoutExport)];
  program.body = body as typeof program.body;
  return exported;
}

/** Returns the declarations that stand for a statement's imports. */
function importsOf(node: Node): Node[] {
  if (!('source' in node) || !node.source || node.type === 'ImportExpression') return [];
  const given = call(node, id(node, '$k6import'), [literal(node, String((node.source as { value: unknown }).value))]);
  if (node.type === 'ExportNamedDeclaration') {
    const taken = exportsOf(node).map(([, local], index) => {
      const from = node.specifiers[index]?.local as Node;
      return [literal(node, nameOf(from)), id(node, local)] as const;
    });
    return [declare(node, 'const', [[patternOf(node, taken), given]])];
  }
  if (node.type !== 'ImportDeclaration') return [];
  const whole = node.specifiers.find(({ type }) => type === 'ImportNamespaceSpecifier');
  const taken = node.specifiers.flatMap((specifier): (readonly [Node, Node])[] => {
    if (specifier.type === 'ImportNamespaceSpecifier') return [];
    return [
      [
        literal(specifier, specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default'),
        specifier.local,
      ],
    ];
  });
  const pattern = patternOf(node, taken);
  if (!whole) return [declare(node, 'const', [[pattern, given]])];
  const names = [[whole.local, given] as const, [pattern, whole.local] as const];
  return [declare(node, 'const', names)];
}

/** Returns a statement without `export`, or nothing if it is not needed any more. */
function withoutExport(node: Node): Node[] {
  if (node.type === 'ImportDeclaration') return [];
  if (node.type === 'ExportNamedDeclaration') return node.declaration ? [node.declaration] : [];
  if (node.type !== 'ExportDefaultDeclaration') return [node];
  const { declaration } = node;
  if (declaredBy(declaration).length > 0) return [declaration];
  if (declaration.type === 'FunctionDeclaration') Object.assign(declaration, { type: 'FunctionExpression' });
  if (declaration.type === 'ClassDeclaration') Object.assign(declaration, { type: 'ClassExpression' });
  // An anonymous function or class takes the name of the property.
  const key = () => literal(node, 'default');
  const pattern = patternOf(node, [[key(), id(node, DEFAULT)]]);
  return [declare(node, 'const', [[pattern, objectOf(node, [[key(), declaration]])]])];
}
