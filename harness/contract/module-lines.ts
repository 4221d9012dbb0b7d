import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AnyNode, Program, parse } from 'acorn';
import { stripTypes } from '../../engine/compile/strip-types.js';

const require = createRequire(import.meta.url);

/** How many names and calls may lead to an object: `export default contract`, `const contract = defineContract({…})`. */
const MOST_STEPS = 20;

/**
 * Returns a function for the line number (from 1) of a part of the object that a module exports by default, or of the
 * closest part that contains it. Parts that the module does not write down, but imports or computes, have no line.
 */
export function linesOfModule(path: string): (place: readonly PropertyKey[]) => number | undefined {
  let program: Program | undefined;
  return (place) => {
    try {
      // Only messages about mistakes need it.
      program ??= (require('acorn') as { parse: typeof parse }).parse(stripTypes(readFileSync(path, 'utf8')), {
        ecmaVersion: 'latest',
        sourceType: 'module',
        locations: true,
      });
    } catch {
      return undefined;
    }
    return lineIn(program, place);
  };
}

function lineIn(program: Program, place: readonly PropertyKey[]): number | undefined {
  let part = resolved(program, exportedBy(program));
  let line = part?.loc?.start.line;
  for (const key of place) {
    const entry = entryOf(program, part, String(key));
    if (entry === undefined) return line;
    line = entry.node.loc?.start.line;
    part = entry.value;
  }
  return line;
}

/** Returns the default export, or what is assigned to `module.exports`. */
function exportedBy({ body }: Program): AnyNode | undefined {
  for (const statement of body) {
    if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
    const { left, right } = statement.expression;
    if (left.type === 'MemberExpression' && left.object.type === 'Identifier' && left.object.name === 'module')
      return right;
  }
  return undefined;
}

/** An entry of an object or array: the node with its name, and its value. */
interface Entry {
  readonly node: AnyNode;
  readonly value: AnyNode;
}

function entryOf(program: Program, part: AnyNode | undefined, key: string): Entry | undefined {
  const of = resolved(program, part);
  if (of?.type === 'ArrayExpression') {
    const value = of.elements[Number(key)];
    return value ? { node: value, value } : undefined;
  }
  if (of?.type !== 'ObjectExpression') return undefined;
  let found: Entry | undefined;
  for (const property of of.properties) {
    if (property.type === 'SpreadElement') found = entryOf(program, property.argument, key) ?? found;
    else if (nameOf(property.key) === key) found = { node: property, value: property.value };
  }
  return found;
}

function nameOf(key: AnyNode): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

/** Follows the names of constants, and takes the first argument of a call such as `defineContract({ … })`. */
function resolved({ body }: Program, part: AnyNode | undefined): AnyNode | undefined {
  let node = part;
  for (let step = 0; step < MOST_STEPS && node !== undefined; step += 1) {
    if (node.type === 'CallExpression') node = node.arguments[0];
    else if (node.type === 'Identifier') node = constantIn(body, node.name);
    else return node;
  }
  return undefined;
}

function constantIn(body: Program['body'], name: string): AnyNode | undefined {
  const declared = body.map((statement) =>
    statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement,
  );
  for (const statement of declared) {
    if (statement?.type !== 'VariableDeclaration') continue;
    const found = statement.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
    if (found?.init) return found.init;
  }
  return undefined;
}
