import type { Program } from 'acorn';
import { awaited, call, declare, id, list, literal, objectOf, patternOf, statement } from '../blocking/nodes.ts';
import { childrenOf, contains, forEachChild, isFunction, type Node, nameOf, namesIn } from '../blocking/syntax.ts';
import { declaredBy } from './script-globals.ts';

/** The name of the variable for a default export without a name. The rewriter uses it too. */
const DEFAULT = '$k6default';

/** Whether a module uses top-level `await`. */
export const awaitsAtTop = (program: Program): boolean =>
  program.body.some((node) => contains(node, ({ type }) => type === 'AwaitExpression'));

/** Returns the exported names whose variables are assigned in functions, so that their values may change later. */
export function changingExports(program: Program): string[] {
  const assigned = new Set<string>();
  const visit = (node: Node, own: ReadonlySet<string> | null): void => {
    for (const name of own ? assignedBy(node) : []) if (!own?.has(name)) assigned.add(name);
    const within = isFunction(node)
      ? new Set([...(own ?? []), ...node.params.flatMap(namesIn), ...declaredIn(node.body)])
      : own;
    forEachChild(node, (child) => visit(child, within));
  };
  visit(program, null);
  return program.body.flatMap(exportsOf).flatMap(([name, local]) => (assigned.has(local) ? [name] : []));
}

const declaredIn = (node: Node): string[] => [
  ...declaredBy(node),
  ...(isFunction(node) ? [] : childrenOf(node).flatMap(declaredIn)),
];

/** Returns the names of the variables that an expression or a loop assigns to. */
function assignedBy(node: Node): string[] {
  if (node.type === 'UpdateExpression') return namesIn(node.argument);
  const assigns =
    node.type === 'AssignmentExpression' || node.type === 'ForInStatement' || node.type === 'ForOfStatement';
  return assigns ? namesIn(node.left) : [];
}

/** Returns what a statement exports: the names, and the variables that hold the values. */
function exportsOf(node: Node): [exported: string, local: string][] {
  if (node.type === 'ExportDefaultDeclaration') return [['default', declaredBy(node.declaration)[0] ?? DEFAULT]];
  if (node.type === 'ExportAllDeclaration')
    return node.exported ? [[nameOf(node.exported), `$k6from${node.start}`]] : [];
  if (node.type !== 'ExportNamedDeclaration') return [];
  if (node.declaration) return declaredBy(node.declaration).map((name) => [name, name]);
  return node.specifiers.map(({ exported, local, start }) => [
    nameOf(exported),
    node.source ? `$k6from${start}` : nameOf(local),
  ]);
}

/**
 * Turns a module's imports into calls of `$k6load()` and `$k6import()`, and its exports into variables.
 *
 * @param program Modified in place, to a function's body.
 * @param isAsync Whether the function is async, because the module or one that it imports uses top-level `await`.
 * @returns The exported names in order, and the variables that hold the values.
 */
export function takeImportsAndExports(program: Program, isAsync: boolean): [exported: string, local: string][] {
  const exported = program.body.flatMap(exportsOf).sort(([a], [b]) => (a < b ? -1 : 1));
  const specifiers = program.body.flatMap((node) => specifierOf(node) ?? []);
  const loaded = call(program, id(program, '$k6load'), [list(program, specifiers)]);
  const loads = specifiers.length === 0 ? [] : [statement(isAsync ? awaited(program, loaded) : loaded)];
  const body = [...loads, ...program.body.flatMap(importsOf), ...program.body.flatMap(withoutExport)];
  program.body = body as typeof program.body;
  return exported;
}

const specifierOf = (node: Node): Node | undefined =>
  'source' in node && node.source && node.type !== 'ImportExpression'
    ? literal(node, String((node.source as { value: unknown }).value))
    : undefined;

/** Returns the declarations that stand for a statement's imports. */
function importsOf(node: Node): Node[] {
  const specifier = specifierOf(node);
  if (!specifier) return [];
  const given = (names: readonly Node[], isWhole = false) =>
    call(node, id(node, '$k6import'), [specifier, list(node, names), literal(node, isWhole)]);
  const named = (pairs: readonly (readonly [name: Node, local: Node])[]) =>
    [patternOf(node, pairs), given(pairs.map(([name]) => name))] as const;
  if (node.type === 'ExportAllDeclaration') {
    const [own] = exportsOf(node);
    if (own) return [declare(node, 'const', [[id(node, own[1]), given([], true)]])];
    return [statement(call(node, id(node, '$k6export'), [given([]), literal(node, true)]))];
  }
  if (node.type === 'ExportNamedDeclaration') {
    const locals = exportsOf(node).map(([, local]) => id(node, local));
    const pairs = node.specifiers.map(
      ({ local }, index) => [literal(node, nameOf(local)), locals[index] as Node] as const,
    );
    return [declare(node, 'const', [named(pairs)])];
  }
  if (node.type !== 'ImportDeclaration') return [];
  const wholes: (readonly [Node, Node])[] = [];
  const pairs: (readonly [Node, Node])[] = [];
  for (const wanted of node.specifiers) {
    const { type, local } = wanted;
    if (type === 'ImportNamespaceSpecifier') wholes.push([local, given([], true)]);
    else pairs.push([literal(wanted, type === 'ImportSpecifier' ? nameOf(wanted.imported) : 'default'), local]);
  }
  return [declare(node, 'const', [...wholes, named(pairs)])];
}

/** Returns a statement without `export`, or nothing if it is not needed any more. */
function withoutExport(node: Node): Node[] {
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return [];
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
