import type { Program } from 'acorn';
import { type Requests, requiredBy } from './find-requests.ts';
import { childrenOf, forEachChild, isFunction, isPropertyName, keyName, type Node, nameOf, namesIn } from './syntax.ts';

/** Names of the blocking functions, by module. */
const WAITING: Readonly<Record<string, ReadonlySet<string>>> = {
  k6: new Set(['sleep']),
  'k6/http': new Set(['get', 'head', 'post', 'put', 'patch', 'del', 'options', 'request', 'batch']),
  'k6/ws': new Set(['connect']),
  'k6/x/sse': new Set(['open']),
};

export interface BlockingBindings {
  /** Whether the module imports, or may import, a blocking function. If so, any of its own functions may block. */
  readonly any: boolean;
  /** Whether a call is known to block. */
  isWait(call: Node): boolean;
  /** Whether a call is k6's `check()`, which calls its conditions immediately and does not keep them. */
  isCheck(call: Node): boolean;
}

/** The module's local names for blocking functions and for modules that export them. */
interface Names {
  readonly functions: Set<string>;
  readonly modules: Map<string, ReadonlySet<string>>;
}

/** Finds the local names under which a module imports or requires blocking functions. */
export function findBlockingBindings(program: Program, requests: Requests): BlockingBindings {
  const names: Names = { functions: new Set(), modules: new Map() };
  let any = requests.requiresUnknown || requests.required.some((specifier) => Object.hasOwn(WAITING, specifier));
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      const waiting = WAITING[String(statement.source.value)];
      if (waiting) noteImport(names, waiting, statement.specifiers);
    } else if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportAllDeclaration') {
      if (statement.source && Object.hasOwn(WAITING, String(statement.source.value))) any = true;
    }
  }
  any ||= names.functions.size > 0 || escapes(program, names.modules);
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) if (init) noteRequire(names, id, init);
  }
  let shadowed: ReadonlySet<string> | null = null;
  const isTopLevel = (name: string): boolean => {
    shadowed ??= namesWithin(program);
    return !shadowed.has(name);
  };
  const isWait = (call: Node): boolean => {
    if (call.type !== 'CallExpression') return false;
    const callee = lastOf(call.callee);
    if (callee.type === 'Identifier') return names.functions.has(callee.name) && isTopLevel(callee.name);
    const [name, waiting] = moduleOf(callee, names) ?? [];
    return name !== undefined && waiting?.has(keyOfMember(callee) ?? '') === true && isTopLevel(name);
  };
  const checks = new Set(program.body.flatMap(checksOf));
  const isCheck = (call: Node): boolean =>
    call.type === 'CallExpression' &&
    call.callee.type === 'Identifier' &&
    checks.has(call.callee.name) &&
    isTopLevel(call.callee.name);
  return { any, isWait, isCheck };
}

/** Returns the names under which a statement imports `check`. */
function checksOf(node: Node): string[] {
  if (node.type !== 'ImportDeclaration' || node.source.value !== 'k6') return [];
  return node.specifiers.flatMap((specifier) =>
    specifier.type === 'ImportSpecifier' && nameOf(specifier.imported) === 'check' ? [specifier.local.name] : [],
  );
}

function noteImport(names: Names, waiting: ReadonlySet<string>, specifiers: readonly Node[]): void {
  for (const specifier of specifiers) {
    if (specifier.type === 'ImportSpecifier') {
      const name = nameOf(specifier.imported);
      if (name === 'default') names.modules.set(specifier.local.name, waiting);
      else if (waiting.has(name)) names.functions.add(specifier.local.name);
    } else if (specifier.type === 'ImportDefaultSpecifier' || specifier.type === 'ImportNamespaceSpecifier') {
      names.modules.set(specifier.local.name, waiting);
    }
  }
}

/** Records `const http = require('k6/http')`, including `.default` and the interop calls that compilers insert. */
function noteRequire({ functions, modules }: Names, target: Node, value: Node): void {
  const of = value.type === 'MemberExpression' ? value.object : value;
  const wrapped = of.type === 'CallExpression' && requiredBy(of) === undefined ? of.arguments[0] : of;
  const waiting = WAITING[(wrapped && requiredBy(wrapped)) ?? ''];
  if (!waiting) return;
  if (target.type === 'Identifier') {
    const key = value.type === 'MemberExpression' ? (keyOfMember(value) ?? '') : 'default';
    if (key === 'default') modules.set(target.name, waiting);
    else if (waiting.has(key)) functions.add(target.name);
  } else if (target.type === 'ObjectPattern') {
    for (const property of target.properties) {
      if (property.type !== 'Property' || property.value.type !== 'Identifier') continue;
      if (waiting.has(keyName(property) ?? '')) functions.add(property.value.name);
    }
  }
}

/** Returns the imported module that a member expression such as `http.get` or `_http.default.get` refers to. */
function moduleOf(node: Node, { modules }: Names): [string, ReadonlySet<string> | undefined] | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const { object } = node;
  const of = object.type === 'MemberExpression' && keyOfMember(object) === 'default' ? object.object : object;
  return of.type === 'Identifier' ? [of.name, modules.get(of.name)] : undefined;
}

const keyOfMember = (node: Node): string | undefined => (node.type === 'MemberExpression' ? keyName(node) : undefined);

/** Returns the last expression of a sequence: `(0, http.get)` calls `http.get`. */
const lastOf = (node: Node): Node => (node.type === 'SequenceExpression' ? (node.expressions.at(-1) as Node) : node);

/** Whether a module object is used for anything other than accessing its non-blocking members. */
function escapes(node: Node, modules: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (modules.size === 0 || node.type === 'ImportDeclaration') return false;
  if (node.type === 'Identifier') return modules.has(node.name);
  if (node.type === 'MemberExpression' && !node.computed && node.object.type === 'Identifier') {
    const waiting = modules.get(node.object.name);
    return waiting !== undefined && node.property.type === 'Identifier' && waiting.has(node.property.name);
  }
  return childrenOf(node).some((child) => !isPropertyName(node, child) && escapes(child, modules));
}

/** Returns all names that the module declares inside functions and blocks, and all names that it reassigns. */
function namesWithin(program: Program): Set<string> {
  const names = new Set<string>();
  const declare = (pattern: Node): void => {
    for (const name of namesIn(pattern)) names.add(name);
  };
  const visit = (node: Node): void => {
    if (isFunction(node)) for (const param of node.params) declare(param);
    if ('id' in node && node.id) declare(node.id);
    if (node.type === 'CatchClause' && node.param) declare(node.param);
    if (node.type === 'AssignmentExpression') declare(node.left);
    forEachChild(node, visit);
  };
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration') visit(statement);
    else for (const { init } of statement.declarations) if (init) visit(init);
  }
  return names;
}
