import { childrenOf, keyName, type Node } from './syntax.ts';

/** Built-in methods that use their callback's result immediately and have no stepwise version. */
const AT_ONCE: Readonly<Record<string, string>> = {
  sort: 'a sort comparator',
  toSorted: 'a sort comparator',
  replace: 'a replacer of a text',
  replaceAll: 'a replacer of a text',
  stringify: 'a replacer of JSON',
  parse: 'a reviver of JSON',
};

/** Methods that the JavaScript engine calls implicitly. */
const CONVERSIONS = new Set(['toString', 'valueOf', 'toJSON']);

/**
 * Returns the name of the construct that uses the function's result synchronously, or an empty string if there is none.
 */
export function atOnceBy(node: Node, parent: Node): string {
  if (parent.type === 'MethodDefinition' || parent.type === 'Property') {
    const name = keyName(parent) ?? '';
    return CONVERSIONS.has(name) ? `${name}()` : '';
  }
  if (parent.type === 'NewExpression' && parent.callee !== node) return 'a function that a constructor calls';
  if (parent.type !== 'CallExpression' || parent.callee === node || parent.callee.type !== 'MemberExpression')
    return '';
  return AT_ONCE[keyName(parent.callee) ?? ''] ?? '';
}

/** Whether a private method is used in any way other than a call. */
export function isHandedOn(node: Node, name: string): boolean {
  return childrenOf(node).some((child) => {
    const isCalled = node.type === 'CallExpression' && node.callee === child && !node.optional;
    const isIt =
      child.type === 'MemberExpression' && child.property.type === 'PrivateIdentifier' && child.property.name === name;
    if (isIt && (!isCalled || child.optional)) return true;
    return isHandedOn(child, name);
  });
}
