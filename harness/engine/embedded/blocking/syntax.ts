import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
} from 'acorn';

/** A node and whatever is under it in the tree. */
export type Node = AnyNode;

export type FunctionNode =
  | AnonymousFunctionDeclaration
  | ArrowFunctionExpression
  | FunctionDeclaration
  | FunctionExpression;

/** The nodes right under a node, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key === 'range') continue;
    for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) children.push(item);
  }
  return children.sort((a, b) => a.start - b.start);
}

const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === 'object' && typeof (value as Node).type === 'string' && 'start' in value;

export const isFunction = (node: Node): node is FunctionNode =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

/**
 * Whether a node, or one under it, is as asked for; without a look into functions that `enters` leaves out.
 *
 * @param enters Whether to look into a function; into none by default.
 */
export function contains(
  node: Node,
  is: (node: Node) => boolean,
  enters: (node: Node) => boolean = () => false,
): boolean {
  return childrenOf(node).some((child) => {
    if (is(child)) return true;
    if (isFunction(child) && !enters(child)) return false;
    return contains(child, is, enters);
  });
}

const isArrow = (node: Node): boolean => node.type === 'ArrowFunctionExpression';

/** What an arrow function takes from around it, and a function has of its own. */
export const lexical = {
  this: (node: Node): boolean => contains(node, ({ type }) => type === 'ThisExpression', isArrow),
  arguments: (node: Node): boolean =>
    contains(node, (child) => child.type === 'Identifier' && child.name === 'arguments', isArrow),
  super: (node: Node): boolean => contains(node, ({ type }) => type === 'Super', isArrow),
  newTarget: (node: Node): boolean =>
    contains(node, (child) => child.type === 'MetaProperty' && child.meta.name === 'new', isArrow),
};

/** The name that the language gives a function by where it stands. */
export function nameByPlace(parent: Node): string {
  if (parent.type === 'VariableDeclarator' || parent.type === 'AssignmentExpression') {
    const target = parent.type === 'VariableDeclarator' ? parent.id : parent.left;
    return target.type === 'Identifier' ? target.name : '';
  }
  if (parent.type === 'Property' || parent.type === 'PropertyDefinition') return keyName(parent) ?? '';
  return '';
}

/** The name of a property, where the source says it. */
export function keyName(node: { computed: boolean; key: Node }): string | undefined {
  if (node.computed) return undefined;
  if (node.key.type === 'Identifier') return node.key.name;
  return node.key.type === 'Literal' ? String(node.key.value) : undefined;
}
