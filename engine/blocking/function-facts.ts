import { type FunctionNode, forEachChild, isFunction, type Node } from './syntax.ts';

/** The features of its enclosing scope that a function body uses, including in nested arrow functions. */
export type FunctionFacts = ReadonlySet<Fact>;
type Fact = 'this' | 'arguments' | 'super' | 'super()' | 'new.target';

/** Collects the facts about every function below a node in a single pass. */
export function findFunctionFacts(program: Node): ReadonlyMap<FunctionNode, FunctionFacts> {
  const found = new Map<FunctionNode, FunctionFacts>();
  const visit = (node: Node, around: Set<Fact>): void => {
    const fact = factOf(node);
    if (fact) around.add(fact);
    if (!isFunction(node)) {
      forEachChild(node, (child) => visit(child, around));
      return;
    }
    const own = new Set<Fact>();
    found.set(node, own);
    forEachChild(node, (child) => visit(child, own));
    if (node.type === 'ArrowFunctionExpression') for (const inner of own) around.add(inner);
  };
  visit(program, new Set());
  return found;
}

function factOf(node: Node): Fact | undefined {
  if (node.type === 'ThisExpression') return 'this';
  if (node.type === 'CallExpression' && node.callee.type === 'Super') return 'super()';
  if (node.type === 'Super') return 'super';
  if (node.type === 'MetaProperty') return node.meta.name === 'new' ? 'new.target' : undefined;
  return node.type === 'Identifier' && node.name === 'arguments' ? 'arguments' : undefined;
}
