import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
} from 'acorn';

/** Any node of the syntax tree. */
export type Node = AnyNode;

export type FunctionNode =
  | AnonymousFunctionDeclaration
  | ArrowFunctionExpression
  | FunctionDeclaration
  | FunctionExpression;

/** Calls `action` for each direct child of a node. */
export function forEachChild(node: Node, action: (child: Node) => void): void {
  for (const key in node) {
    const value: unknown = node[key as keyof Node];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) action(item);
    } else if (isNode(value)) action(value);
  }
}

/** Returns the direct children of a node. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  forEachChild(node, (child) => children.push(child));
  return children;
}

/** Replaces each direct child of a node with the result of `replace`. */
export function replaceChildren(node: Node, replace: (child: Node) => Node): void {
  const fields = node as unknown as Record<string, unknown>;
  for (const key in fields) {
    const value = fields[key];
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) if (isNode(item)) value[index] = replace(item);
    } else if (isNode(value)) fields[key] = replace(value);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && 'start' in value;

export const isFunction = (node: Node): node is FunctionNode =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

/** Whether a node calls a function, other than implicitly. */
export const isCall = ({ type }: Node): boolean =>
  type === 'CallExpression' || type === 'NewExpression' || type === 'TaggedTemplateExpression';

/** Whether the predicate is true for a node or any of its descendants. Does not descend into nested functions. */
export const contains = (node: Node, is: (node: Node) => boolean): boolean =>
  is(node) || (!isFunction(node) && childrenOf(node).some((child) => contains(child, is)));

/** Returns the name that JavaScript infers for an anonymous function from its position. */
export function nameByPlace(parent: Node): string {
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : '';
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return parent.left.type === 'Identifier' ? parent.left.name : '';
    case 'Property':
    case 'PropertyDefinition':
      return parent.key.type === 'PrivateIdentifier' ? `#${parent.key.name}` : (keyName(parent) ?? '');
    case 'ExportDefaultDeclaration':
      return 'default';
    default:
      return '';
  }
}

/** Returns the name of a property, or of that which a member expression accesses, if it is in the source. */
export function keyName(node: { computed: boolean } & ({ key: Node } | { property: Node })): string | undefined {
  if (node.computed) return undefined;
  const key = 'key' in node ? node.key : node.property;
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

/** Whether a child is only the name of a property, and so refers to no variable. */
export function isPropertyName(node: Node, child: Node): boolean {
  switch (node.type) {
    case 'MemberExpression':
      return !node.computed && child === node.property;
    case 'Property':
      return !node.computed && !node.shorthand && child === node.key;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return !node.computed && child === node.key;
    default:
      return false;
  }
}

/** Returns all identifiers that may refer to a variable. */
export function usedNames(nodes: readonly Node[]): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === 'Identifier') names.add(node.name);
    forEachChild(node, (child) => {
      const isNewName = node.type === 'ExportSpecifier' && child === node.exported && child !== node.local;
      if (!isPropertyName(node, child) && !isNewName) visit(child);
    });
  };
  for (const node of nodes) visit(node);
  return names;
}

/** Returns the names that a pattern declares. */
export function namesIn(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'Property':
      return namesIn(pattern.value);
    case 'ObjectPattern':
    case 'ArrayPattern':
    case 'RestElement':
      return childrenOf(pattern).flatMap(namesIn);
    default:
      return [];
  }
}

/** Returns a name in an import or export, which is an identifier or a string. */
export const nameOf = (node: Node): string =>
  node.type === 'Identifier' ? node.name : String((node as { value: unknown }).value);
