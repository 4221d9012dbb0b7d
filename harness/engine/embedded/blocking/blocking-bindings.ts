import type { Program } from 'acorn';
import { childrenOf, type Node } from './syntax.ts';

/** What waits, by the module that has it. */
const WAITING: Readonly<Record<string, ReadonlySet<string>>> = {
  k6: new Set(['sleep']),
  'k6/http': new Set(['get', 'head', 'post', 'put', 'patch', 'del', 'options', 'request', 'batch']),
  'k6/ws': new Set(['connect']),
  'k6/x/sse': new Set(['open']),
};

/** What a module imports of what waits. */
export interface BlockingBindings {
  /** Whether it has, or may have, any of it: then any function may come to wait. */
  readonly any: boolean;
  /** Whether a call is surely one that waits. */
  isWait(call: Node): boolean;
}

/** Finds what waits by the names under which a module imports it. */
export function findBlockingBindings(program: Program): BlockingBindings {
  const functions = new Set<string>();
  const modules = new Map<string, ReadonlySet<string>>();
  let handsOn = false;
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      const waiting = WAITING[String(statement.source.value)];
      if (!waiting) continue;
      for (const specifier of statement.specifiers) {
        const name =
          specifier.type !== 'ImportSpecifier'
            ? 'default'
            : specifier.imported.type === 'Identifier'
              ? specifier.imported.name
              : String(specifier.imported.value);
        if (name === 'default') modules.set(specifier.local.name, waiting);
        else if (waiting.has(name)) functions.add(specifier.local.name);
      }
    } else if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportAllDeclaration') {
      if (statement.source && Object.hasOwn(WAITING, String(statement.source.value))) handsOn = true;
    }
  }
  const isMember = (node: Node): boolean => {
    if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier' || node.computed) return false;
    const waiting = modules.get(node.object.name);
    return waiting !== undefined && node.property.type === 'Identifier' && waiting.has(node.property.name);
  };
  const isWait = (call: Node): boolean => {
    if (call.type !== 'CallExpression') return false;
    const { callee } = call;
    return isMember(callee) || (callee.type === 'Identifier' && functions.has(callee.name));
  };
  return { any: handsOn || functions.size > 0 || escapes(program, modules), isWait };
}

/** Whether a module's object is used for anything but a member of it that does not wait. */
function escapes(node: Node, modules: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (modules.size === 0) return false;
  if (node.type === 'ImportDeclaration') return false;
  if (node.type === 'Identifier') return modules.has(node.name);
  if (node.type === 'MemberExpression' && !node.computed && node.object.type === 'Identifier') {
    const waiting = modules.get(node.object.name);
    return waiting !== undefined && node.property.type === 'Identifier' && waiting.has(node.property.name);
  }
  const keys =
    (node.type === 'Property' && !node.shorthand) ||
    node.type === 'MethodDefinition' ||
    node.type === 'PropertyDefinition';
  return childrenOf(node).some((child) => {
    if (keys && !node.computed && child === node.key) return false;
    if (node.type === 'MemberExpression' && !node.computed && child === node.property) return false;
    return escapes(child, modules);
  });
}
