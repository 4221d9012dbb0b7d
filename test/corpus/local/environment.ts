import type { Program } from 'acorn';
import { forEachChild, type Node } from '../../../engine/blocking/syntax.ts';

/** The variables that a script reads from `__ENV`. */
export interface Environment {
  readonly read: readonly string[];
  /** Variables that have another value if they aren't set. */
  readonly optional: readonly string[];
}

/** Finds the variables that a module reads. */
export function environmentOf(program: Program): Environment {
  const read: string[] = [];
  const optional: string[] = [];
  const visit = (node: Node): void => {
    const name = variableOf(node);
    if (name !== undefined) read.push(name);
    if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern' && isEnvironment(node.init)) {
      for (const property of node.id.properties) {
        if (property.type === 'Property' && property.key.type === 'Identifier') read.push(property.key.name);
      }
    }
    const tested =
      node.type === 'LogicalExpression' ? node.left : node.type === 'ConditionalExpression' ? node.test : undefined;
    const withDefault = tested && variableOf(tested);
    if (withDefault !== undefined) optional.push(withDefault);
    forEachChild(node, visit);
  };
  visit(program);
  return { read, optional };
}

/** Values by what a variable's name says about it. Other variables are not set. */
const VALUES: readonly (readonly [name: RegExp, value: string])[] = [
  [/region/i, 'us-east-1'],
  [/url|uri|endpoint|base|target|address|site/i, 'https://corpus.test'],
  [/host|domain|server/i, 'corpus.test'],
  [/token|key|secret|user|pass|email|login|name/i, 'corpus'],
];

/** Returns values for the variables that a script needs. */
export function valuesFor({ read, optional }: Environment): Record<string, string> {
  const needed = [...new Set(read)].filter((name) => !optional.includes(name) && !name.startsWith('K6_'));
  return Object.fromEntries(
    needed.flatMap((name) => {
      const value = VALUES.find(([pattern]) => pattern.test(name))?.[1];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function variableOf(node: Node): string | undefined {
  if (node.type !== 'MemberExpression' || !isEnvironment(node.object)) return undefined;
  if (!node.computed && node.property.type === 'Identifier') return node.property.name;
  return node.property.type === 'Literal' && typeof node.property.value === 'string' ? node.property.value : undefined;
}

const isEnvironment = (node: Node | null | undefined): boolean => node?.type === 'Identifier' && node.name === '__ENV';
