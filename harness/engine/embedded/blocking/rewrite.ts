import type { ChainExpression, ClassBody, Program } from 'acorn';
import type MagicString from 'magic-string';
import type { BlockingBindings } from './blocking-bindings.ts';
import type { Context, Problem } from './context.ts';
import { atOnceBy, isHandedOn } from './places.ts';
import { CallRewriter } from './rewrite-calls.ts';
import type { SourceText } from './source-text.ts';
import {
  childrenOf,
  contains,
  type FunctionNode,
  isFunction,
  keyName,
  lexical,
  type Node,
  nameByPlace,
} from './syntax.ts';

const TOP: Context = { mode: 'module', construct: 'the module itself', privates: new Map(), define: null };

/**
 * Rewrites a module so that its functions can wait: each becomes a generator, whose calls are handed to the runtime
 * (`runtime.ts`) and go on in steps where what is called takes steps. No line moves.
 *
 * @param code Takes the edits.
 * @returns Waits where none can be; nothing may run then.
 */
export function rewrite(
  code: MagicString,
  source: SourceText,
  program: Program,
  bindings: BlockingBindings,
): Problem[] {
  return new Rewriter(code, source, bindings).program(program);
}

class Rewriter {
  readonly #code: MagicString;
  readonly #source: SourceText;
  readonly #calls: CallRewriter;

  constructor(code: MagicString, source: SourceText, bindings: BlockingBindings) {
    this.#code = code;
    this.#source = source;
    this.#calls = new CallRewriter(code, source, bindings);
  }

  program(program: Program): Problem[] {
    this.#block(program, 0, TOP);
    return this.#calls.problems;
  }

  #visit(node: Node, context: Context, parent: Node): void {
    if (isFunction(node)) {
      this.#function(node, context, parent);
      return;
    }
    switch (node.type) {
      case 'BlockStatement':
      case 'StaticBlock':
        this.#block(node, this.#source.tokenAfter(node.start, '{').end, {
          ...context,
          ...(node.type === 'StaticBlock' && { mode: 'once', construct: 'a static block of a class' }),
        });
        return;
      case 'ClassBody':
        this.#classBody(node, context);
        return;
      case 'CallExpression':
        this.#children(node, context);
        this.#calls.call(node, context);
        return;
      case 'ChainExpression':
        this.#chain(node, context);
        return;
      case 'MemberExpression':
        this.#children(node, context);
        this.#calls.member(node, parent);
        return;
      case 'AwaitExpression':
        this.#children(node, context);
        if (context.mode !== 'steps') return;
        this.#code.update(node.start, node.start + 'await'.length, '(yield $k6.await(');
        this.#code.appendLeft(node.end, '))');
        return;
      default:
        this.#children(node, context);
    }
  }

  #chain(node: ChainExpression, context: Context): void {
    const taken = this.#calls.take(node, context);
    this.#children(node, context);
    this.#code.appendLeft(node.end, ')'.repeat(taken));
  }

  #children(node: Node, context: Context): void {
    for (const child of childrenOf(node)) this.#visit(child, context, node);
  }

  /** A list of statements; functions that are declared in it are defined before its first one runs. */
  #block(node: Node, start: number, context: Context): void {
    const definitions: string[] = [];
    this.#children(node, { ...context, define: (statement) => definitions.push(statement) });
    if (definitions.length > 0) this.#code.appendLeft(start, ` ${definitions.join(' ')}`);
  }

  // Functions

  #function(node: FunctionNode, context: Context, parent: Node): void {
    const { mode, construct } = this.#modeOf(node, context, parent);
    const within: Context = { ...context, mode, construct, define: null };
    const carried = mode === 'steps';
    for (const param of node.params) this.#visit(param, within, node);
    this.#visit(node.body as Node, within, node);
    if (!carried) return;
    this.#params(node);
    const isMethod = parent.type === 'MethodDefinition' || (parent.type === 'Property' && parent.method);
    if (isMethod) this.#method(node, parent);
    else if (node.type === 'FunctionDeclaration') this.#declaration(node, context);
    else if (node.type === 'ArrowFunctionExpression') this.#arrow(node, parent);
    else this.#expression(node, parent);
  }

  #modeOf(node: FunctionNode, context: Context, parent: Node): Pick<Context, 'mode' | 'construct'> {
    const native = (construct: string): Pick<Context, 'mode' | 'construct'> => ({
      mode: node.async ? 'async' : 'once',
      construct,
    });
    if (node.generator) return native('a generator');
    if (parent.type === 'MethodDefinition' || parent.type === 'Property') {
      if (parent.kind === 'get') return native('a getter');
      if (parent.kind === 'set') return native('a setter');
      if (parent.kind === 'constructor') return native('a constructor');
      const isPrivate = parent.key.type === 'PrivateIdentifier';
      if (isPrivate && !context.privates.has((parent.key as { name: string }).name))
        return native('a private method that is handed on');
      if (parent.type === 'MethodDefinition' && !isPrivate && keyName(parent) === undefined) {
        return native('a method with a computed name');
      }
      if (parent.type === 'Property' && parent.method && lexical.super(node)) return native('a method with super');
    }
    if (lexical.newTarget(node)) return native('a function with new.target');
    if (node.type === 'ArrowFunctionExpression' && (lexical.super(node) || lexical.arguments(node))) {
      return native('an arrow function with super or arguments');
    }
    if (node.async && contains(node.body as Node, (child) => child.type === 'ForOfStatement' && child.await)) {
      return native('');
    }
    return { mode: 'steps', construct: atOnceBy(node, parent) };
  }

  /** No part of a generator's parameters may yield: where one calls anything, they are taken apart within. */
  #params(node: FunctionNode): void {
    if (
      node.params.length === 0 ||
      !node.params.some((param) => isCallOrAwait(param) || contains(param, isCallOrAwait))
    )
      return;
    const first = node.params[0] as Node;
    const last = node.params.at(-1) as Node;
    const list = this.#code.slice(first.start, last.end);
    this.#code.overwrite(first.start, last.end, `...$k6p${this.#source.lineBreaks(first.start, last.end)}`);
    const text = ` var [${list.replaceAll('\n', ' ')}] = $k6p;`;
    if (node.body.type === 'BlockStatement') this.#code.prependRight(node.body.start + 1, text);
    else this.#bodyPrefix.set(node, text);
  }

  readonly #bodyPrefix = new Map<FunctionNode, string>();

  #declaration(node: FunctionNode, context: Context): void {
    const name = node.id?.name ?? '$k6default';
    const open = this.#paramsStart(node);
    const names = Array.from({ length: arity(node) }, (_, index) => `$${index}`).join(', ');
    const stub = `function ${name}(${names}) { return $k6.enter(${name}, this, arguments); }`;
    this.#code.update(node.start, open, `${stub} function* ${name}$k6${this.#source.lineBreaks(node.start, open)}`);
    const definition = `$k6.define(${name}, ${name}$k6, ${node.async});`;
    if (context.define) context.define(definition);
    else this.#code.appendLeft(node.end, ` ${definition}`);
  }

  #expression(node: FunctionNode, parent: Node): void {
    const open = this.#paramsStart(node);
    const breaks = this.#source.lineBreaks(node.start, open);
    const own = node.id?.name;
    this.#code.update(
      node.start,
      open,
      (own === undefined ? '$k6.make(function*' : `$k6.makeNamed((${own}) => function*`) + breaks,
    );
    this.#code.appendLeft(node.end, this.#rest(node, own ?? nameByPlace(parent)));
  }

  #arrow(node: FunctionNode, parent: Node): void {
    const body = node.body as Node;
    const arrow = this.#source.tokenBefore(body.start, '=>');
    const first = this.#source.tokenAfter(node.async ? node.start + 'async'.length : node.start);
    const hasParens = this.#source.text[first.start] === '(' && first.start < arrow.start;
    const begin = first.start;
    const breaks = this.#source.lineBreaks(node.start, begin);
    if (hasParens) this.#code.update(node.start, begin + 1, `$k6.make(function*(${breaks}`);
    else {
      if (begin > node.start) this.#code.remove(node.start, begin);
      this.#code.prependRight(begin, `$k6.make(function*(${breaks}`);
      this.#code.appendLeft((node.params[0] as Node).end, ')');
    }
    this.#code.update(arrow.start, arrow.end, '');
    if (body.type !== 'BlockStatement') {
      this.#code.prependRight(body.start, `{${this.#bodyPrefix.get(node) ?? ''} return (`);
      this.#code.appendLeft(body.end, '); }');
    }
    this.#code.appendLeft(node.end, this.#rest(node, nameByPlace(parent), lexical.this(node) ? ', { is: this }' : ''));
  }

  #rest(node: FunctionNode, name: string, more = ''): string {
    return `, ${node.async}, ${arity(node)}, ${JSON.stringify(name)}${more})`;
  }

  #method(node: FunctionNode, parent: Node): void {
    if (node.async) {
      const token = this.#source.tokenAfter(parent.start, 'async');
      this.#code.update(token.start, token.end, '');
    }
    if (parent.type === 'Property') {
      this.#code.prependRight(node.start, ': $k6.make(function*');
      this.#code.appendLeft(node.end, this.#rest(node, keyName(parent) ?? ''));
    } else if (parent.type === 'MethodDefinition') this.#code.prependRight(parent.key.start, '*');
  }

  #classBody(node: ClassBody, context: Context): void {
    const privates = new Map(context.privates);
    for (const member of node.body) {
      if (member.type !== 'MethodDefinition' || member.key.type !== 'PrivateIdentifier' || member.kind !== 'method')
        continue;
      const { name } = member.key;
      if (!member.value.generator && !isHandedOn(node, name)) privates.set(name, member.value.async);
    }
    const methods = new Map<string, string>();
    for (const member of node.body) {
      const plain: Context = { ...context, privates, define: null, mode: 'once', construct: 'a field of a class' };
      this.#visit(member, plain, node);
      if (member.type !== 'MethodDefinition' || member.kind !== 'method') continue;
      const name = keyName(member);
      const { mode } = this.#modeOf(member.value, plain, member);
      if (name === undefined || mode !== 'steps' || member.key.type === 'PrivateIdentifier') continue;
      methods.set(`${member.static} ${name}`, `[${JSON.stringify(name)}, ${member.static}, ${member.value.async}]`);
    }
    if (methods.size === 0) return;
    this.#code.appendLeft(node.start + 1, ` static { $k6.methods(this, [${[...methods.values()].join(', ')}]); }`);
  }

  #paramsStart(node: FunctionNode): number {
    const from = node.id?.end ?? node.start;
    return this.#source.tokenAfter(from, '(').start;
  }
}

const isCallOrAwait = ({ type }: Node): boolean => type === 'CallExpression' || type === 'AwaitExpression';

/** How many parameters there are before the first with a default, as the language counts. */
function arity({ params }: FunctionNode): number {
  const end = params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return end < 0 ? params.length : end;
}
