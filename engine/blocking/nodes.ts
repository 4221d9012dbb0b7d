import type { Identifier, Statement } from 'acorn';
import type { Node } from './syntax.ts';

/**
 * Creates a node that replaces part of the source.
 *
 * @param at The replaced part. Errors in the new node are reported at its position.
 */
function node(at: Node, fields: { readonly type: Node['type'] } & Record<string, unknown>): Node {
  const made = { start: at.start, end: at.end, ...fields } as unknown as Node;
  if (at.loc) made.loc = at.loc;
  return made;
}

export const id = (at: Node, name: string): Identifier => node(at, { type: 'Identifier', name }) as Identifier;

export const literal = (at: Node, value: string | number | boolean | null): Node =>
  node(at, { type: 'Literal', value, raw: JSON.stringify(value) });

export const undefinedAt = (at: Node): Node =>
  node(at, { type: 'UnaryExpression', operator: 'void', prefix: true, argument: literal(at, 0) });

export const thisAt = (at: Node): Node => node(at, { type: 'ThisExpression' });

export const superAt = (at: Node): Node => node(at, { type: 'Super' });

export const member = (at: Node, object: Node, property: Node, computed = false): Node =>
  node(at, { type: 'MemberExpression', object, property, computed, optional: false });

export const call = (at: Node, callee: Node, args: readonly Node[]): Node =>
  node(at, { type: 'CallExpression', callee, arguments: args, optional: false });

/** Variables for the `arguments` and the members of `super` that arrow functions use. */
export const ARGUMENTS = '$k6arguments';
export const SUPER = '$k6super';

/** The variable that refers to the runtime in rewritten modules. */
const RUNTIME = '$k6';

export const ofRuntime = (at: Node, name: string): Node => member(at, id(at, RUNTIME), id(at, name));

/** Creates a call to a runtime function. */
export const runtime = (at: Node, name: string, ...args: readonly Node[]): Node => call(at, ofRuntime(at, name), args);

/** Whether a node accesses one of the runtime's members. */
export const isOfRuntime = (of: Node): boolean =>
  of.type === 'MemberExpression' && of.object.type === 'Identifier' && of.object.name === RUNTIME;

export const assign = (at: Node, name: string, right: Node): Node =>
  node(at, { type: 'AssignmentExpression', operator: '=', left: id(at, name), right });

export const equals = (at: Node, left: Node, operator: '==' | '===', right: Node): Node =>
  node(at, { type: 'BinaryExpression', operator, left, right });

export const either = (at: Node, test: Node, consequent: Node, alternate: Node): Node =>
  node(at, { type: 'ConditionalExpression', test, consequent, alternate });

export const sequence = (at: Node, expressions: readonly Node[]): Node =>
  node(at, { type: 'SequenceExpression', expressions });

export const wait = (at: Node, argument: Node, delegate: boolean): Node =>
  node(at, { type: 'YieldExpression', argument, delegate });

export const awaited = (at: Node, argument: Node): Node => node(at, { type: 'AwaitExpression', argument });

export const list = (at: Node, elements: readonly Node[]): Node => node(at, { type: 'ArrayExpression', elements });

export const statement = (expression: Node): Statement =>
  node(expression, { type: 'ExpressionStatement', expression }) as Statement;

export const returned = (argument: Node): Statement =>
  node(argument, { type: 'ReturnStatement', argument }) as Statement;

export const block = (at: Node, body: readonly Node[]): Node => node(at, { type: 'BlockStatement', body });

export const staticBlock = (at: Node, body: readonly Node[]): Node => node(at, { type: 'StaticBlock', body });

export const switchCase = (at: Node, test: Node, consequent: readonly Node[]): Node =>
  node(at, { type: 'SwitchCase', test, consequent });

export const rest = (at: Node, name: string): Node => node(at, { type: 'RestElement', argument: id(at, name) });

/** Creates a declaration. Each entry has a name or pattern and its value. */
export const declare = (at: Node, kind: 'var' | 'let' | 'const', names: readonly (readonly [Node, Node?])[]): Node =>
  node(at, {
    type: 'VariableDeclaration',
    kind,
    declarations: names.map(([target, init = null]) => node(at, { type: 'VariableDeclarator', id: target, init })),
  });

export const arrayPattern = (at: Node, elements: readonly Node[]): Node => node(at, { type: 'ArrayPattern', elements });

type Pairs = readonly (readonly [key: Node, value: Node])[];

const properties = (at: Node, pairs: Pairs): Node[] =>
  pairs.map(([key, value]) => {
    const shorthand = key.type === 'Identifier' && value.type === 'Identifier' && key.name === value.name;
    return node(at, { type: 'Property', kind: 'init', key, value, shorthand, computed: false, method: false });
  });

/** Creates the pattern `{ key: value }` for a destructuring declaration. */
export const patternOf = (at: Node, pairs: Pairs): Node =>
  node(at, { type: 'ObjectPattern', properties: properties(at, pairs) });

/** Creates the object `{ key: value }`. */
export const objectOf = (at: Node, pairs: Pairs): Node =>
  node(at, { type: 'ObjectExpression', properties: properties(at, pairs) });

interface FunctionParts {
  readonly name?: string;
  readonly params: readonly Node[];
  readonly body: Node;
  readonly generator?: boolean;
}

const functionOf = (at: Node, type: 'FunctionDeclaration' | 'FunctionExpression', parts: FunctionParts): Node =>
  node(at, {
    type,
    id: parts.name === undefined ? null : id(at, parts.name),
    params: parts.params,
    body: parts.body,
    generator: parts.generator ?? false,
    async: false,
    expression: false,
  });

export const functionDeclaration = (at: Node, parts: FunctionParts): Statement =>
  functionOf(at, 'FunctionDeclaration', parts) as Statement;

export const functionExpression = (at: Node, parts: FunctionParts): Node => functionOf(at, 'FunctionExpression', parts);

export const arrow = (at: Node, params: readonly Node[], body: Node): Node =>
  node(at, {
    type: 'ArrowFunctionExpression',
    params,
    body,
    expression: body.type !== 'BlockStatement',
    generator: false,
    async: false,
  });

/** Inserts statements at the start of a statement list, after its directives. */
export function putFirst(into: Node[], statements: readonly Node[]): void {
  let place = 0;
  while ((into[place] as { directive?: string } | undefined)?.directive !== undefined) place += 1;
  into.splice(place, 0, ...statements);
}

/** Declares variables at the start of a statement list. */
export function declareVariables(at: Node, into: Node[], names: ReadonlySet<string>): void {
  if (names.size === 0) return;
  putFirst(into, [
    declare(
      at,
      'let',
      [...names].map((name) => [id(at, name)]),
    ),
  ] as Statement[]);
}
