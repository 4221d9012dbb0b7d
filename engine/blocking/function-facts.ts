import { type FunctionNode, forEachChild, isFunction, type Node } from './syntax.ts';

/** The features of its enclosing scope that a function body uses, including in nested arrow functions. */
export interface FunctionFacts {
  this: boolean;
  arguments: boolean;
  super: boolean;
  newTarget: boolean;
}

const none = (): FunctionFacts => ({
  this: false,
  arguments: false,
  super: false,
  newTarget: false,
});

/** Collects the facts about every function below a node in a single pass. */
export function findFunctionFacts(program: Node): ReadonlyMap<FunctionNode, FunctionFacts> {
  const found = new Map<FunctionNode, FunctionFacts>();
  const visit = (node: Node, around: FunctionFacts): void => {
    note(node, around);
    if (!isFunction(node)) {
      forEachChild(node, (child) => visit(child, around));
      return;
    }
    const own = none();
    found.set(node, own);
    forEachChild(node, (child) => visit(child, own));
    if (node.type !== 'ArrowFunctionExpression') return;
    around.this ||= own.this;
    around.arguments ||= own.arguments;
    around.super ||= own.super;
    around.newTarget ||= own.newTarget;
  };
  visit(program, none());
  return found;
}

function note(node: Node, facts: FunctionFacts): void {
  switch (node.type) {
    case 'ThisExpression':
      facts.this = true;
      break;
    case 'Super':
      facts.super = true;
      break;
    case 'MetaProperty':
      if (node.meta.name === 'new') facts.newTarget = true;
      break;
    case 'Identifier':
      if (node.name === 'arguments') facts.arguments = true;
      break;
    default:
  }
}
