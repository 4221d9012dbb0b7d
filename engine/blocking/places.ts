import { childrenOf, keyName, type Node } from './syntax.ts';

/** Methods of the language that use what a function returns at once, and have no form in steps. */
const AT_ONCE: Readonly<Record<string, string>> = {
  sort: 'a sort comparator',
  toSorted: 'a sort comparator',
  replace: 'a replacer of a text',
  replaceAll: 'a replacer of a text',
  stringify: 'a replacer of JSON',
  parse: 'a reviver of JSON',
};

/** Methods that the language calls by itself. */
const CONVERSIONS = new Set(['toString', 'valueOf', 'toJSON']);

/** What uses a function's result at once, where it stands in such a place. */
export function atOnceBy(node: Node, parent: Node): string {
  if (parent.type === 'MethodDefinition' || parent.type === 'Property') {
    const name = keyName(parent) ?? '';
    return CONVERSIONS.has(name) ? `${name}()` : '';
  }
  if (parent.type === 'NewExpression' && parent.callee !== node) return 'a function that a constructor calls';
  if (parent.type !== 'CallExpression' || parent.callee === node || parent.callee.type !== 'MemberExpression')
    return '';
  return AT_ONCE[keyName({ computed: parent.callee.computed, key: parent.callee.property }) ?? ''] ?? '';
}

/** Whether a private method is used otherwise than by calling it. */
export function isHandedOn(node: Node, name: string): boolean {
  return childrenOf(node).some((child) => {
    const isCalled = node.type === 'CallExpression' && node.callee === child && !node.optional;
    const isIt =
      child.type === 'MemberExpression' && child.property.type === 'PrivateIdentifier' && child.property.name === name;
    if (isIt && (!isCalled || child.optional)) return true;
    return isHandedOn(child, name);
  });
}
