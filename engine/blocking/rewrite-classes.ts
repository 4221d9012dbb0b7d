import type { ClassBody } from 'acorn';
import type { Context, Visit } from './context.ts';
import { list, literal, runtime, statement, staticBlock, thisAt } from './nodes.ts';
import { isHandedOn } from './places.ts';
import type { FunctionRewriter } from './rewrite-functions.ts';
import { keyName, type Node, replaceChildren } from './syntax.ts';

/** Turns a class's methods into generators and wraps them in functions when the class is created. See `rewrite.ts`. */
export class ClassRewriter {
  readonly #functions: FunctionRewriter;
  readonly #visit: Visit;

  constructor(functions: FunctionRewriter, visit: Visit) {
    this.#functions = functions;
    this.#visit = visit;
  }

  rewrite(node: ClassBody, context: Context): void {
    const privates = new Map([...context.privates, ...privateMethods(node)]);
    const within: Context = { ...context, privates, hoisted: null, mode: 'once', construct: 'a field of a class' };
    const methods = new Map<string, Node>();
    for (const member of node.body) {
      if (member.type !== 'MethodDefinition' || member.kind !== 'method') continue;
      const name = keyName(member);
      if (name === undefined || this.#functions.modeOf(member.value, within, member).mode !== 'steps') continue;
      const parts = [name, member.static, member.value.async].map((part) => literal(member, part));
      methods.set(`${member.static} ${name}`, list(member, parts));
    }
    replaceChildren(node, (member) => this.#visit(member, within, node));
    if (methods.size === 0) return;
    const make = runtime(node, 'methods', thisAt(node), list(node, [...methods.values()]));
    node.body.unshift(staticBlock(node, [statement(make)]) as never);
  }
}

/** Returns the private methods that are used only in calls, with a flag for async methods. */
function privateMethods(node: ClassBody): [string, boolean][] {
  return node.body.flatMap((member): [string, boolean][] => {
    if (member.type !== 'MethodDefinition' || member.key.type !== 'PrivateIdentifier' || member.kind !== 'method')
      return [];
    const { name } = member.key;
    return member.value.generator || isHandedOn(node, name) ? [] : [[name, member.value.async]];
  });
}
