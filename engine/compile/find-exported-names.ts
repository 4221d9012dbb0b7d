import type { Program } from 'acorn';
import { forEachChild, keyName, type Node } from '../blocking/syntax.ts';

/**
 * Finds the export names that can be determined statically in a CommonJS module: `exports.name = …`, `module.exports =
 * { name }` and `Object.defineProperty(exports, 'name', …)`.
 */
export function findExportedNames(program: Program): Set<string> {
  const names = new Set<string>();
  collect(program, names);
  // Every bridge has its own default export, and `__esModule` is not enumerable.
  for (const name of ['default', '__esModule']) names.delete(name);
  return names;
}

function collect(node: Node, names: Set<string>): void {
  if (node.type === 'AssignmentExpression') {
    const { left, right } = node;
    if (left.type === 'MemberExpression' && isExports(left.object)) add(names, left.computed, left.property);
    if (isExports(left) && right.type === 'ObjectExpression') {
      for (const property of right.properties) {
        if (property.type === 'Property') add(names, property.computed, property.key);
      }
    }
  }
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const [object, key] = node.arguments;
    if (object && key && isExports(object) && key.type === 'Literal') names.add(String(key.value));
  }
  forEachChild(node, (child) => collect(child, names));
}

function add(names: Set<string>, computed: boolean, key: Node): void {
  const name = keyName({ computed: computed && key.type !== 'Literal', key });
  if (name !== undefined) names.add(name);
}

const isExports = (node: Node): boolean =>
  node.type === 'Identifier'
    ? node.name === 'exports'
    : node.type === 'MemberExpression' &&
      node.object.type === 'Identifier' &&
      node.object.name === 'module' &&
      keyName(node) === 'exports';
