import type { Statement } from 'acorn';
import type { Context, Mode, Visit } from './context.ts';
import type { FunctionFacts } from './function-facts.ts';
import {
  ARGUMENTS,
  arrayPattern,
  arrow,
  assign,
  block,
  declare,
  declareVariables,
  functionDeclaration,
  functionExpression,
  id,
  literal,
  member,
  putFirst,
  rest,
  returned,
  runtime,
  SUPER,
  superAt,
  thisAt,
} from './nodes.ts';
import type { CallRewriter } from './rewrite-calls.ts';
import { contains, type FunctionNode, isCall, keyName, type Node, nameByPlace } from './syntax.ts';

/** Names of variables: a function that refers to itself, and the computed key that names a function. */
const SELF = '$k6self';
const NAME = '$k6name';

/** Turns functions into generators. See `rewrite.ts`. */
export class FunctionRewriter {
  readonly #facts: ReadonlyMap<FunctionNode, FunctionFacts>;
  readonly #calls: CallRewriter;
  readonly #visit: Visit;
  #names = 0;

  /** @param calls Knows which functions need no steps. */
  constructor(facts: ReadonlyMap<FunctionNode, FunctionFacts>, calls: CallRewriter, visit: Visit) {
    this.#facts = facts;
    this.#calls = calls;
    this.#visit = visit;
  }

  rewrite(node: FunctionNode, context: Context, parent: Node): Node {
    const { mode, construct } = this.modeOf(node, context, parent);
    if (mode === 'once' && node.async)
      this.#calls.problems.push({ offset: node.start, what: `async code in ${construct}` });
    const variables = new Set<string>();
    const isArrow = node.type === 'ArrowFunctionExpression';
    const owner: Context['owner'] = isArrow ? context.owner : { used: new Set() };
    const within: Context = { ...context, mode, construct, hoisted: null, variables, owner, isArrow };
    const length = arity(node);
    const isSimple = !node.params.some((param) => contains(param, isCallOrAwait));
    const kind = kindOf(node, parent.type === 'Property' && parent.method);
    // Parameters that stay in place can't access the body's variables.
    const around = mode === 'steps' ? within : { ...within, variables: context.variables };
    node.params = node.params.map((param) => this.#visit(param, around, node)) as typeof node.params;
    const usedInParams = isArrow ? 0 : (owner?.used.size ?? 0);
    node.body = this.#visit(node.body, within, node) as typeof node.body;
    if (node.body.type !== 'BlockStatement' && (mode === 'steps' || variables.size > 0)) {
      node.body = block(node.body, [returned(node.body)]) as typeof node.body;
    }
    if (mode === 'steps' && (!isSimple || usedInParams > 0)) takeParamsApart(node);
    if (!isArrow && owner && owner.used.size > 0) {
      const aliases = [...owner.used].map((name) => declare(node, 'const', [aliasOf(node, name)]));
      putFirst((node.body as { body: Node[] }).body, aliases);
    }
    declareVariables(node, (node.body as { body: Node[] }).body, variables);
    if (mode !== 'steps') return node;
    const parts = { params: node.params, body: node.body, generator: true };
    if (parent.type === 'MethodDefinition') return functionExpression(node, parts);
    if (node.type === 'FunctionDeclaration') return this.#declaration(node, context, { ...parts, length });
    const isNamedByKey = parent.type === 'Property' && parent.computed && node.id == null;
    if (isNamedByKey) {
      context.variables.add(NAME);
      parent.key = assign(parent.key, NAME, runtime(parent.key, 'key', parent.key)) as typeof parent.key;
    }
    const rest = (name: string) => [
      literal(node, kind),
      literal(node, length),
      isNamedByKey ? id(node, NAME) : literal(node, name),
    ];
    if (parent.type === 'Property' && parent.method) {
      parent.method = false;
      const name = keyName(parent) ?? '';
      // A plain `__proto__` property would set the object's prototype.
      if (name === '__proto__') Object.assign(parent, { computed: true, key: literal(node, name) });
      return runtime(node, 'make', functionExpression(node, parts), ...rest(name));
    }
    if (node.type === 'ArrowFunctionExpression') {
      const facts = this.#factsOf(node);
      const self = facts.has('this') || facts.has('super') ? [arrow(node, [], thisAt(node))] : [];
      return runtime(node, 'make', functionExpression(node, parts), ...rest(nameByPlace(parent)), ...self);
    }
    const own = node.id?.name;
    if (own === undefined) {
      return runtime(node, 'make', functionExpression(node, parts), ...rest(nameByPlace(parent)));
    }
    // The name can't be assigned.
    const body = [declare(node, 'const', [[id(node, own), id(node, SELF)]]), returned(functionExpression(node, parts))];
    return runtime(node, 'makeNamed', arrow(node, [id(node, SELF)], block(node, body)), ...rest(own));
  }

  /** Decides how to run a function and, if it can't block, why. */
  modeOf(node: FunctionNode, context: Context, parent: Node): { mode: Mode; construct: string } {
    const native = (construct: string) => ({ mode: 'once', construct }) as const;
    const facts = this.#factsOf(node);
    if (node.generator) return native('a generator');
    if (this.#calls.plain.has(node)) return native('');
    const place = this.#calls.places.get(node);
    if (place !== undefined) return native(place);
    if (parent.type === 'MethodDefinition' || parent.type === 'Property') {
      if (parent.kind === 'get') return native('a getter');
      if (parent.kind === 'set') return native('a setter');
      if (parent.kind === 'constructor') return native('a constructor');
      if (parent.type === 'Property' && parent.method && facts.has('super')) return native('a method with super');
    }
    if (facts.has('new.target') && !node.async) return native('a function with new.target');
    if (node.type === 'ArrowFunctionExpression') {
      if (facts.has('super()') || (facts.has('super') && !context.owner)) return native('an arrow function with super');
      if (facts.has('new.target')) return native('an arrow function with new.target');
      if (facts.has('arguments') && !context.owner) return native('an arrow function with arguments');
    }
    return { mode: 'steps', construct: atOnceBy(node, parent) };
  }

  #factsOf(node: FunctionNode): FunctionFacts {
    return this.#facts.get(node) as FunctionFacts;
  }

  /** Keeps the declaration, so that it stays hoisted, and moves the body to another function. */
  #declaration(
    node: FunctionNode & { type: 'FunctionDeclaration' },
    { hoisted }: Context,
    { length, ...parts }: { params: Node[]; body: Node; length: number },
  ): Statement {
    const name = node.id?.name ?? '$k6default';
    this.#names += 1;
    const own = `${name}$k6${this.#names}`;
    const named = node.id ? [] : [literal(node, 'default')];
    hoisted?.bodies.push(functionDeclaration(node, { ...parts, name: own, generator: true }));
    if (node.async) {
      const given = [literal(node, 'async'), literal(node, length), literal(node, node.id?.name ?? 'default')];
      hoisted?.definitions.push(assign(node, name, runtime(node, 'make', id(node, own), ...given)));
    } else hoisted?.definitions.push(runtime(node, 'define', id(node, name), id(node, own), ...named));
    const enter = runtime(node, 'enter', id(node, own), thisAt(node), id(node, 'arguments'));
    const names = Array.from({ length }, (_, index) => id(node, `$${index}`));
    return functionDeclaration(node, { name, params: names, body: block(node, [returned(enter)]) });
  }
}

/** Returns how native code may call a function: see `runtime.ts`. */
export const kindOf = (node: FunctionNode, isMethod: boolean): 'async' | 'function' | 'method' =>
  node.async ? 'async' : isMethod || node.type === 'ArrowFunctionExpression' ? 'method' : 'function';

/** Returns a variable for something that arrow functions lose if they become generators, and its value. */
function aliasOf(at: Node, name: 'arguments' | 'super'): [Node, Node] {
  if (name === 'arguments') return [id(at, ARGUMENTS), id(at, 'arguments')];
  const found = member(at, superAt(at), id(at, 'key'), true);
  return [id(at, SUPER), arrow(at, [id(at, 'key')], found)];
}

/** Destructures parameters inside the body if one contains a call, because a generator's must not yield. */
function takeParamsApart(node: FunctionNode): void {
  const pattern = arrayPattern(node, node.params);
  putFirst((node.body as { body: Node[] }).body, [declare(node, 'var', [[pattern, id(node, '$k6p')]])]);
  node.params = [rest(node, '$k6p')] as typeof node.params;
}

const isCallOrAwait = (node: Node): boolean => isCall(node) || node.type === 'AwaitExpression';

/** Returns the function's `length`: the number of parameters before the first one with a default value. */
function arity({ params }: FunctionNode): number {
  const end = params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return end < 0 ? params.length : end;
}

/** Built-in methods that use their callback's result immediately and have no stepwise version. */
const AT_ONCE: Readonly<Record<string, string>> = {
  stringify: 'a replacer of JSON',
  parse: 'a reviver of JSON',
};

/** Methods that the JavaScript engine calls implicitly. */
const CONVERSIONS = new Set(['toString', 'valueOf', 'toJSON']);

/** Returns the name of the construct that uses the function's result at once, or an empty string. */
function atOnceBy(node: Node, parent: Node): string {
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
