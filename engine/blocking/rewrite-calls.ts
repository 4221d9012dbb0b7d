import type {
  CallExpression,
  ChainExpression,
  MemberExpression,
  NewExpression,
  TaggedTemplateExpression,
  UnaryExpression,
} from 'acorn';
import type { BlockingBindings } from './blocking-bindings.ts';
import type { Context, Problem, Visit } from './context.ts';
import {
  assign,
  call,
  either,
  equals,
  id,
  isOfRuntime,
  literal,
  member,
  ofRuntime,
  runtime,
  SUPER,
  thisAt,
  undefinedAt,
  wait,
} from './nodes.ts';
import { contains, type FunctionNode, isCall, isFunction, keyName, type Node, replaceChildren } from './syntax.ts';

/** Temporary variables: a call's result, a link of an optional chain, a member's object and its computed key. */
const RESULT = '$k6r';
const LINK = '$k6t';
const OWNER = '$k6u';
const KEY = '$k6k';

/** Rewrites calls so that they go through the runtime. See `rewrite.ts`. */
export class CallRewriter {
  readonly problems: Problem[] = [];
  /** Functions that can't block, and the construct that calls them. */
  readonly places = new Map<Node, string>();
  /** Conditions of checks that need no steps. */
  readonly plain = new Set<Node>();
  readonly #bindings: BlockingBindings;
  readonly #visit: Visit;

  constructor(bindings: BlockingBindings, visit: Visit) {
    this.#bindings = bindings;
    this.#visit = visit;
  }

  call(node: CallExpression, context: Context): Node {
    const { callee } = node;
    if (isNative(callee, context)) {
      replaceChildren(node, (child) => this.#visit(child, context, node));
      return node;
    }
    this.#note(node, context);
    if (callee.type === 'MemberExpression' && keyName(callee) === 'defineProperty')
      this.#notePlaces(node.arguments[2], 'a getter or setter', ['get', 'set']);
    if (this.#bindings.isCheck(node)) for (const condition of plainConditions(node)) this.plain.add(condition);
    // `(a?.b)()`: either the chain has a value, or the call throws.
    if (callee.type === 'ChainExpression' && callee.expression.type === 'MemberExpression') {
      const links = this.#links(callee.expression.object, context);
      const owner = keep(callee, OWNER, links.value, context);
      const guards = callee.expression.optional ? [...links.guards, owner] : links.guards;
      const object = callee.expression.optional ? id(callee, OWNER) : owner;
      const action = guarded(guards, this.#member(callee.expression, object, context));
      return this.#invoke(node, 'call', [action, id(callee, OWNER)], context);
    }
    if (callee.type !== 'MemberExpression') {
      return this.#invoke(node, 'call', [this.#visit(callee, context, node), undefinedAt(at(node))], context);
    }
    return this.#method(node, callee, this.#visit(callee.object, context, callee), context);
  }

  /** Splits an optional chain that contains calls: each optional link becomes a null check. */
  chain(node: ChainExpression, context: Context): Node {
    const { value, guards } = this.#links(node.expression, context);
    return guarded(guards, value);
  }

  deleteChain(node: UnaryExpression, chain: ChainExpression, context: Context): Node {
    const { value, guards } = this.#links(chain.expression, context);
    return guarded(guards, { ...node, argument: value as never }, literal(node, true));
  }

  /**
   * Rewrites the links of a chain.
   *
   * @returns The chain's value if all guards pass.
   */
  #links(link: Node, context: Context): { value: Node; guards: Node[] } {
    if (link.type === 'MemberExpression') {
      const object = this.#base(link, context);
      return { value: this.#member(link, object.value, context), guards: object.guards };
    }
    if (link.type !== 'CallExpression') return { value: this.#visit(link, context, link), guards: [] };
    const { callee } = link;
    this.#note(link, context);
    if (callee.type !== 'MemberExpression') {
      const action = this.#links(callee, context);
      const parts = [link.optional ? guard(link, action, context) : action.value, undefinedAt(at(link))];
      return { value: this.#invoke(link, 'call', parts, context), guards: action.guards };
    }
    const object = this.#base(callee, context);
    if (!link.optional) return { value: this.#method(link, callee, object.value, context), guards: object.guards };
    const isSuper = callee.object.type === 'Super';
    const owner = isSuper ? object.value : keep(callee, OWNER, object.value, context);
    const action = { value: this.#member(callee, owner, context), guards: object.guards };
    const parts = [guard(link, action, context), isSuper ? thisAt(callee) : id(callee, OWNER)];
    return { value: this.#invoke(link, 'call', parts, context), guards: action.guards };
  }

  /** Rewrites the object of a member access within a chain. */
  #base(link: MemberExpression, context: Context): { value: Node; guards: Node[] } {
    const object = this.#links(link.object, context);
    return link.optional ? { value: guard(link, object, context), guards: object.guards } : object;
  }

  /** Accesses a member of an object that has already been rewritten. */
  #member(node: MemberExpression, object: Node, context: Context): Node {
    return accessed(member(node, object, ...this.#key(node, context)), context);
  }

  #key({ property, computed }: MemberExpression, context: Context): [Node, boolean] {
    return [computed ? this.#visit(property, context, property) : property, computed];
  }

  /** Rewrites a method call whose object has already been rewritten. */
  #method(node: CallExpression, callee: MemberExpression, object: Node, context: Context): Node {
    const { property, computed } = callee;
    if (object.type === 'Super') {
      return this.#invoke(node, 'call', [this.#member(callee, object, context), thisAt(callee)], context);
    }
    const isPlain = object.type === 'Identifier' || object.type === 'ThisExpression';
    const owner = isPlain ? object : keep(callee, OWNER, object, context);
    const name = property.type === 'PrivateIdentifier' ? `#${property.name}` : keyName(callee);
    const found = name === undefined ? keep(callee, KEY, this.#visit(property, context, callee), context) : property;
    const action = member(at(node), isPlain ? { ...object } : id(callee, OWNER), found, computed);
    const key = name === undefined ? id(callee, KEY) : literal(callee, name);
    return this.#invoke(node, 'method', [owner, accessed(action, context), key], context);
  }

  /** Rewrites a call with `new`. */
  construct(node: NewExpression, context: Context): Node {
    const { callee } = node;
    if (callee.type === 'Identifier' && callee.name === 'Proxy')
      this.#notePlaces(node.arguments[1], 'a trap of a Proxy');
    if (context.mode === 'module' || (callee.type === 'Identifier' && PLAIN_CLASSES.has(callee.name))) {
      replaceChildren(node, (child) => this.#visit(child, context, node));
      return node;
    }
    return this.#invoke(node, 'construct', [this.#visit(callee, context, node)], context);
  }

  /** Rewrites a tagged template to a call. */
  template(node: TaggedTemplateExpression, context: Context): Node {
    const given = { ...node, tag: ofRuntime(node, 'template') } as TaggedTemplateExpression;
    const spread = { type: 'SpreadElement', start: node.start, end: node.end, argument: given };
    const args = [spread] as CallExpression['arguments'];
    const { start, end, loc } = node;
    return this.call(
      { type: 'CallExpression', start, end, ...(loc && { loc }), callee: node.tag, arguments: args, optional: false },
      context,
    );
  }

  #invoke(
    node: CallExpression | NewExpression,
    how: 'call' | 'method' | 'construct',
    parts: Node[],
    context: Context,
  ): Node {
    const place = at(node);
    const args = [...parts, ...node.arguments.map((argument) => this.#visit(argument, context, node))];
    if (context.mode === 'once') return runtime(place, `${how}AtOnce`, ...args);
    const result = keep(place, RESULT, runtime(place, how, ...args), context);
    const test = equals(place, result, '===', ofRuntime(place, 'pending'));
    return either(place, test, wait(place, runtime(place, 'take'), true), id(place, RESULT));
  }

  #note(node: CallExpression, { construct }: Context): void {
    if (construct !== '' && this.#bindings.isWait(node))
      this.problems.push({ offset: node.start, what: `a blocking call in ${construct}` });
  }

  /** Notes the functions in an object literal. */
  #notePlaces(node: Node | undefined, construct: string, names?: readonly string[]): void {
    if (node?.type !== 'ObjectExpression') return;
    for (const property of node.properties) {
      if (property.type !== 'Property' || !isFunction(property.value)) continue;
      if (!names || names.includes(keyName(property) ?? '')) this.places.set(property.value, construct);
    }
  }
}

/** Native classes that call nothing that may block. */
const PLAIN_CLASSES = new Set(
  `AggregateError Array ArrayBuffer DataView Date Error EvalError Map Number RangeError ReferenceError RegExp Set String
  SyntaxError TypeError URIError Uint8Array WeakMap WeakSet`.split(/\s+/),
);

/**
 * Rewrites the access to a private method, which is a generator in the rewritten class, and to `super` in an arrow
 * function, which becomes a generator.
 */
export function accessed(node: Node, { privates, owner, isArrow }: Context): Node {
  if (node.type !== 'MemberExpression') return node;
  const { object, property, computed } = node;
  if (object.type === 'Super' && isArrow && owner) {
    owner.used.add('super');
    const key = property.type === 'Identifier' && !computed ? literal(node, property.name) : property;
    return call(node, id(node, SUPER), [key]);
  }
  const isAsync = property.type === 'PrivateIdentifier' ? privates.get(property.name) : undefined;
  if (isAsync === undefined) return node;
  const name = `#${(property as { name: string }).name}`;
  return runtime(node, 'private', node, literal(node, isAsync ? 'async' : 'method'), literal(node, name));
}

/** Returns the conditions of a check that call nothing, and so can't block. A generator for each would take 2 µs. */
function plainConditions({ arguments: [, conditions] }: CallExpression): Node[] {
  if (conditions?.type !== 'ObjectExpression') return [];
  return conditions.properties.flatMap((property) =>
    property.type === 'Property' && isFunction(property.value) && !property.value.async && !callsAny(property.value)
      ? [property.value]
      : [],
  );
}

const callsAny = ({ params, body }: FunctionNode): boolean =>
  [...params, body].some((part) =>
    contains(part, (node) => isCall(node) && !(node.type === 'CallExpression' && isOfRuntime(node.callee))),
  );

/** Whether to leave a call unchanged: during module evaluation, `super()`, and direct `eval`, which sees variables. */
const isNative = (callee: Node, { mode }: Context): boolean =>
  mode === 'module' || callee.type === 'Super' || (callee.type === 'Identifier' && callee.name === 'eval');

/** Returns the node whose position JavaScript reports for a call. */
function at({ callee }: CallExpression | NewExpression): Node {
  return callee.type === 'MemberExpression' && !callee.computed ? callee.property : callee;
}

/** Assigns a value to a variable of the enclosing function. */
function keep(place: Node, name: string, value: Node, { variables }: Context): Node {
  variables.add(name);
  return assign(place, name, value);
}

/** Adds a null check for a link and returns the variable that holds its value. */
function guard(link: Node, { value, guards }: { value: Node; guards: Node[] }, context: Context): Node {
  guards.push(keep(link, LINK, value, context));
  return id(link, LINK);
}

/** Rewrites `a?.b` to `(t = a) == null ? void 0 : t.b`. */
const guarded = (guards: readonly Node[], value: Node, none?: Node): Node =>
  guards.reduceRight(
    (inner, test) => either(test, equals(test, test, '==', literal(test, null)), none ?? undefinedAt(test), inner),
    value,
  );
