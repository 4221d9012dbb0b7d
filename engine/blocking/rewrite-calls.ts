import type { CallExpression, ChainExpression, MemberExpression, UnaryExpression } from 'acorn';
import type { BlockingBindings } from './blocking-bindings.ts';
import type { Context, Mode, Problem, Visit } from './context.ts';
import {
  assign,
  awaited,
  call,
  either,
  equals,
  id,
  isOfRuntime,
  literal,
  member,
  ofRuntime,
  runtime,
  thisAt,
  undefinedAt,
  wait,
} from './nodes.ts';
import { contains, type FunctionNode, isFunction, keyName, type Node, replaceChildren } from './syntax.ts';

/**
 * Names of temporary variables: the result of a call, a link of an optional chain, and the object of a member access.
 */
const RESULT = '$k6r';
const LINK = '$k6t';
const OWNER = '$k6u';

/** Rewrites calls so that they go through the runtime. See `rewrite.ts`. */
export class CallRewriter {
  readonly problems: Problem[] = [];
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
    if (this.#bindings.isCheck(node)) for (const condition of plainConditions(node)) this.plain.add(condition);
    // `(a?.b)()`: either the chain has a value, or the call throws.
    if (callee.type === 'ChainExpression' && callee.expression.type === 'MemberExpression') {
      const links = this.#links(callee.expression.object, context);
      const owner = keep(callee, OWNER, links.value, context);
      const guards = callee.expression.optional ? [...links.guards, owner] : links.guards;
      const object = callee.expression.optional ? id(callee, OWNER) : owner;
      const action = guarded(guards, member(callee, object, ...this.#key(callee.expression, context)));
      return this.#invoke(node, 'call', [action, id(callee, OWNER)], context);
    }
    if (callee.type !== 'MemberExpression') {
      return this.#invoke(node, 'call', [this.#visit(callee, context, node), undefinedAt(at(node))], context);
    }
    return this.#method(node, callee, this.#visit(callee.object, context, callee), context);
  }

  /**
   * Splits an optional chain that contains calls. Each optional link becomes a null check, followed by the rest of the
   * chain.
   */
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
      return { value: member(link, object.value, ...this.#key(link, context)), guards: object.guards };
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
    const action = { value: member(callee, owner, ...this.#key(callee, context)), guards: object.guards };
    const parts = [guard(link, action, context), isSuper ? thisAt(callee) : id(callee, OWNER)];
    return { value: this.#invoke(link, 'call', parts, context), guards: action.guards };
  }

  /** Rewrites the object of a member access within a chain. */
  #base(link: MemberExpression, context: Context): { value: Node; guards: Node[] } {
    const object = this.#links(link.object, context);
    return link.optional ? { value: guard(link, object, context), guards: object.guards } : object;
  }

  #key({ property, computed }: MemberExpression, context: Context): [Node, boolean] {
    return [computed ? this.#visit(property, context, property) : property, computed];
  }

  /** Rewrites a method call whose object has already been rewritten. */
  #method(node: CallExpression, callee: MemberExpression, object: Node, context: Context): Node {
    const { property, computed } = callee;
    if (property.type === 'PrivateIdentifier' && context.privates.has(property.name)) {
      return this.#privateMethod(node, member(at(node), object, property), context);
    }
    if (object.type === 'Super') {
      const action = member(callee, object, ...this.#key(callee, context));
      return this.#invoke(node, 'call', [action, thisAt(callee)], context);
    }
    let name = keyName(callee);
    if (computed && property.type !== 'Literal' && property.type !== 'Identifier') {
      return this.#invoke(node, 'methodAt', [object, this.#visit(property, context, callee)], context);
    }
    const isPlain = object.type === 'Identifier' || object.type === 'ThisExpression';
    const owner = isPlain ? object : keep(callee, OWNER, object, context);
    const action = member(at(node), isPlain ? { ...object } : id(callee, OWNER), property, computed);
    if (property.type === 'PrivateIdentifier') name = `#${property.name}`;
    const key = name === undefined ? ({ ...property } as Node) : literal(callee, name);
    return this.#invoke(node, 'method', [owner, action, key], context);
  }

  /**
   * Rewrites a call to a private method. A private method that runs in steps is always a generator, regardless of the
   * caller.
   */
  #privateMethod(node: CallExpression, action: MemberExpression | Node, context: Context): Node {
    const place = at(node);
    const isAsync = context.privates.get(((action as MemberExpression).property as { name: string }).name);
    const plain = call(place, action, this.#args(node, context));
    const steps = isAsync ? runtime(place, 'asyncSteps', plain) : plain;
    if (context.mode === 'steps') return wait(place, steps, true);
    if (context.mode === 'async') return awaited(place, runtime(place, 'jobOf', steps));
    return runtime(place, 'runAtOnce', steps);
  }

  #invoke(node: CallExpression, how: 'call' | 'method' | 'methodAt', parts: Node[], context: Context): Node {
    const place = at(node);
    const args = [...parts, ...this.#args(node, context)];
    if (context.mode === 'once') return runtime(place, `${how}AtOnce`, ...args);
    const result = keep(place, RESULT, runtime(place, how, ...args), context);
    const goOn: Record<Exclude<Mode, 'once' | 'module'>, () => Node> = {
      steps: () => wait(place, runtime(place, 'take'), true),
      async: () => awaited(place, runtime(place, 'job')),
    };
    const test = equals(place, result, '===', ofRuntime(place, 'pending'));
    return either(place, test, goOn[context.mode === 'async' ? 'async' : 'steps'](), id(place, RESULT));
  }

  #args(node: CallExpression, context: Context): Node[] {
    return node.arguments.map((argument) => this.#visit(argument, context, node));
  }

  #note(node: CallExpression, { construct }: Context): void {
    if (construct !== '' && this.#bindings.isWait(node)) this.problems.push({ offset: node.start, construct });
  }
}

/**
 * Returns the conditions of a check that call nothing, and so can't block. To create a generator for each and to run it
 * once would take V8 2 µs.
 */
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
    contains(part, (node) => node.type === 'CallExpression' && !isOfRuntime(node.callee)),
  );

/**
 * Whether to leave a call unchanged. This applies to calls during module evaluation, to `super()`, and to direct
 * `eval`, which can access the surrounding variables.
 */
const isNative = (callee: Node, { mode }: Context): boolean =>
  mode === 'module' || callee.type === 'Super' || (callee.type === 'Identifier' && callee.name === 'eval');

/** Returns the node whose position JavaScript reports for a call. */
function at({ callee }: CallExpression): Node {
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
