import { keyName, type Node } from './syntax.ts';

/** Built-in methods that use their callback's result immediately and have no stepwise version. */
const AT_ONCE: Readonly<Record<string, string>> = {
  stringify: 'a replacer of JSON',
  parse: 'a reviver of JSON',
};

/** Methods that the JavaScript engine calls implicitly. */
const CONVERSIONS = new Set(['toString', 'valueOf', 'toJSON']);

/** Returns the name of the construct that uses the function's result at once, or an empty string. */
export function atOnceBy(node: Node, parent: Node): string {
  if (parent.type === 'MethodDefinition' || parent.type === 'Property') {
    const { key } = parent;
    // The JavaScript engine also calls methods such as [Symbol.iterator].
    if (
      parent.computed &&
      key.type === 'MemberExpression' &&
      key.object.type === 'Identifier' &&
      key.object.name === 'Symbol'
    )
      return `[Symbol.${keyName(key)}]()`;
    const name = keyName(parent) ?? '';
    return CONVERSIONS.has(name) ? `${name}()` : '';
  }
  if (parent.type !== 'CallExpression' || parent.callee === node || parent.callee.type !== 'MemberExpression')
    return '';
  return AT_ONCE[keyName(parent.callee) ?? ''] ?? '';
}
