import type { ClassBody, MethodDefinition } from 'acorn';
import type { Context, Visit } from './context.ts';
import { assign, id, list, literal, runtime, statement, staticBlock, thisAt } from './nodes.ts';
import { type FunctionRewriter, kindOf } from './rewrite-functions.ts';
import { keyName, type Node, replaceChildren } from './syntax.ts';

/** Turns a class's methods into generators and wraps them in functions when the class is created. See `rewrite.ts`. */
export class ClassRewriter {
  readonly #functions: FunctionRewriter;
  readonly #visit: Visit;
  #keys = 0;

  constructor(functions: FunctionRewriter, visit: Visit) {
    this.#functions = functions;
    this.#visit = visit;
  }

  rewrite(node: ClassBody, context: Context): void {
    const privates = new Map([...context.privates, ...privateMethods(node)]);
    const within: Context = {
      ...context,
      privates,
      owner: null,
      hoisted: null,
      mode: 'once',
      construct: 'a field of a class',
    };
    const methods = node.body.filter(
      (member): member is MethodDefinition =>
        member.type === 'MethodDefinition' &&
        member.key.type !== 'PrivateIdentifier' &&
        this.#functions.modeOf(member.value, within, member).mode === 'steps',
    );
    const kinds = methods.map(({ value }) => kindOf(value, true));
    replaceChildren(node, (member) => this.#visit(member, within, node));
    if (methods.length === 0) return;
    const all = methods.map((method, index) => {
      const parts = [literal(method, method.static), literal(method, kinds[index] as string)];
      return list(method, [this.#keyOf(method, context), ...parts]);
    });
    const make = runtime(node, 'methods', thisAt(node), list(node, all));
    node.body.unshift(staticBlock(node, [statement(make)]) as never);
  }

  /** Returns a method's name. One that is computed is kept in a variable. */
  #keyOf(method: MethodDefinition, { variables }: Context): Node {
    const name = keyName(method);
    if (name !== undefined) return literal(method, name);
    this.#keys += 1;
    const variable = `$k6key${this.#keys}`;
    variables.add(variable);
    method.key = assign(method, variable, runtime(method, 'key', method.key)) as MethodDefinition['key'];
    return id(method, variable);
  }
}

/** Returns the private methods, with a flag for async methods. */
const privateMethods = (node: ClassBody): [string, boolean][] =>
  node.body.flatMap((member): [string, boolean][] =>
    member.type === 'MethodDefinition' &&
    member.key.type === 'PrivateIdentifier' &&
    member.kind === 'method' &&
    !member.value.generator
      ? [[member.key.name, member.value.async]]
      : [],
  );
