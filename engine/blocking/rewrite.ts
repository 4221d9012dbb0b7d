import type { ChainExpression, Program } from 'acorn';
import type { BlockingBindings } from './blocking-bindings.ts';
import type { Context, Hoisted, Problem } from './context.ts';
import { findFunctionFacts } from './function-facts.ts';
import {
  ARGUMENTS,
  declareVariables,
  id,
  isOfRuntime,
  ofRuntime,
  putFirst,
  runtime,
  sequence,
  statement,
  switchCase,
  wait,
} from './nodes.ts';
import { accessed, CallRewriter } from './rewrite-calls.ts';
import { ClassRewriter } from './rewrite-classes.ts';
import { FunctionRewriter } from './rewrite-functions.ts';
import { contains, isFunction, isPropertyName, type Node, replaceChildren } from './syntax.ts';

/**
 * Rewrites a module so that its functions can block. Each function becomes a generator. Calls go through the runtime
 * (`runtime.ts`) and continue in steps if the callee runs in steps.
 *
 * @param program Modified in place.
 * @returns Blocking calls in places that can't block, and other code that can't be rewritten, in source order. If there is
 *   any, the script must not run.
 */
export function rewrite(program: Program, bindings: BlockingBindings): Problem[] {
  const rewriter = new Rewriter(program, bindings);
  const variables = new Set<string>();
  const top: Context = {
    mode: 'module',
    construct: 'the module itself',
    privates: new Map(),
    owner: null,
    isArrow: false,
    hoisted: null,
    variables,
  };
  rewriter.visit(program, top, program);
  declareVariables(program, program.body, variables);
  return rewriter.problems;
}

class Rewriter {
  readonly #calls: CallRewriter;
  readonly #functions: FunctionRewriter;
  readonly #classes: ClassRewriter;

  constructor(program: Program, bindings: BlockingBindings) {
    this.#calls = new CallRewriter(bindings, this.visit);
    this.#functions = new FunctionRewriter(findFunctionFacts(program), this.#calls, this.visit);
    this.#classes = new ClassRewriter(this.#functions, this.visit);
  }

  get problems(): Problem[] {
    return this.#calls.problems.sort((a, b) => a.offset - b.offset);
  }

  readonly visit = (node: Node, context: Context, parent: Node): Node => {
    if (isFunction(node)) return this.#functions.rewrite(node, context, parent);
    switch (node.type) {
      case 'Program':
      case 'BlockStatement':
        this.#list(node, node.body, context);
        return node;
      case 'StaticBlock':
        this.#list(node, node.body, { ...context, mode: 'once', construct: 'a static block of a class' });
        return node;
      case 'SwitchStatement':
        return this.#switch(node, context);
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.superClass?.type === 'Identifier' && node.superClass.name === 'Promise')
          this.#calls.problems.push({ offset: node.start, what: 'a class that extends Promise' });
        break;
      case 'ClassBody':
        this.#classes.rewrite(node, context);
        return node;
      case 'CallExpression':
        return isOfRuntime(node.callee) ? node : this.#calls.call(node, context);
      case 'ChainExpression':
        return this.#splits(node, context) ? this.#calls.chain(node, context) : this.#default(node, context);
      case 'UnaryExpression':
        if (
          node.operator === 'delete' &&
          node.argument.type === 'ChainExpression' &&
          this.#splits(node.argument, context)
        ) {
          return this.#calls.deleteChain(node, node.argument, context);
        }
        break;
      case 'AwaitExpression':
        this.#children(node, context);
        return context.mode === 'steps' ? wait(node, runtime(node, 'await', node.argument), false) : node;
      case 'NewExpression':
        return this.#calls.construct(node, context);
      case 'TaggedTemplateExpression':
        if (context.mode === 'module' || isOfRuntime(node.tag)) break;
        return this.#calls.template(node, context);
      case 'MemberExpression':
        this.#children(node, context);
        return isWritten(node, parent) ? node : accessed(node, context);
      case 'Identifier':
        return this.#argumentsOf(node, context, parent);
      default:
    }
    return this.#default(node, context);
  };

  #default(node: Node, context: Context): Node {
    this.#children(node, context);
    return node;
  }

  #children(node: Node, context: Context): void {
    replaceChildren(node, (child) => this.visit(child, context, node));
  }

  /** Replaces the `arguments` of an outer function in an arrow function, which becomes a generator. */
  #argumentsOf(node: Node & { type: 'Identifier' }, { owner, isArrow }: Context, parent: Node): Node {
    if (node.name !== 'arguments' || !isArrow || !owner || isPropertyName(parent, node)) return node;
    owner.used.add('arguments');
    if (parent.type === 'Property') parent.shorthand = false;
    return id(node, ARGUMENTS);
  }

  /** Whether an optional chain has to be split, because calls in it go through the runtime. */
  #splits(node: ChainExpression, { mode }: Context): boolean {
    return mode !== 'module' && contains(node, ({ type }) => type === 'CallExpression');
  }

  /** Rewrites a statement list. Functions declared in it are defined before the first statement runs. */
  #list(node: Node, statements: Node[], context: Context): void {
    const hoisted: Hoisted = { bodies: [], definitions: [] };
    this.#children(node, { ...context, hoisted });
    putFirst(statements, [...hoisted.bodies, ...hoisted.definitions.map(statement)]);
  }

  /** Rewrites a `switch`. Function definitions go into the test of an extra first case, which never matches. */
  #switch(node: Node & { type: 'SwitchStatement' }, context: Context): Node {
    const hoisted: Hoisted = { bodies: [], definitions: [] };
    node.discriminant = this.visit(node.discriminant, context, node) as never;
    for (const option of node.cases) this.#children(option, { ...context, hoisted });
    if (hoisted.definitions.length > 0) {
      const test = sequence(node, [...hoisted.definitions, ofRuntime(node, 'pending')]);
      node.cases.unshift(switchCase(node, test, hoisted.bodies) as never);
    }
    return node;
  }
}

/** Whether a member is the target of an assignment. */
function isWritten(node: Node, parent: Node): boolean {
  switch (parent.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.left === node;
    case 'UpdateExpression':
    case 'RestElement':
    case 'ArrayPattern':
      return true;
    case 'Property':
      return parent.value === node;
    default:
      return false;
  }
}
