import type { CallExpression, ChainExpression, ClassBody, MemberExpression, Program, Token } from 'acorn';
import type MagicString from 'magic-string';
import type { BlockingBindings } from './blocking-bindings.ts';
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

/** How a function's code is run: in steps, natively async, at once, or once only when its module is evaluated. */
type Mode = 'steps' | 'async' | 'once' | 'module';

/** A wait in a place that can't be carried over. */
export interface Problem {
  /** Of the source, from 0. */
  readonly offset: number;
  /** What it stands in, such as `a getter`. */
  readonly construct: string;
}

interface Context {
  readonly mode: Mode;
  /** Why code that runs at once can't wait. */
  readonly construct: string;
  /** Private methods that run in steps, and whether they are async. */
  readonly privates: ReadonlyMap<string, boolean>;
  /** Collects statements for the start of the block around. */
  readonly define: ((statement: string) => void) | null;
}

const TOP: Context = { mode: 'module', construct: 'the module itself', privates: new Map(), define: null };

const CALLS: Readonly<Record<Exclude<Mode, 'module'>, { call: string; method: string; end: string }>> = {
  steps: {
    call: '(($k6r = $k6.call(',
    method: '(($k6r = $k6.method(',
    end: ') === $k6.pending ? yield* $k6.take() : $k6r)',
  },
  async: {
    call: '(($k6r = $k6.call(',
    method: '(($k6r = $k6.method(',
    end: ') === $k6.pending ? await $k6.job() : $k6r)',
  },
  once: { call: '$k6.callAtOnce(', method: '$k6.methodAtOnce(', end: '' },
};

/**
 * Rewrites a module so that its functions can wait: each becomes a generator, whose calls are handed to the runtime
 * (`runtime.ts`) and go on in steps where what is called takes steps. No line moves.
 *
 * @param code Takes the edits.
 * @returns Waits where none can be; nothing may run then.
 */
export function rewrite(
  code: MagicString,
  source: string,
  program: Program,
  tokens: readonly Token[],
  bindings: BlockingBindings,
): Problem[] {
  return new Rewriter(code, source, tokens, bindings).program(program);
}

class Rewriter {
  readonly #code: MagicString;
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #bindings: BlockingBindings;
  readonly #problems: Problem[] = [];

  constructor(code: MagicString, source: string, tokens: readonly Token[], bindings: BlockingBindings) {
    this.#code = code;
    this.#source = source;
    this.#tokens = tokens;
    this.#bindings = bindings;
  }

  program(program: Program): Problem[] {
    this.#block(program, 0, TOP);
    return this.#problems;
  }

  #visit(node: Node, context: Context, parent: Node): void {
    if (isFunction(node)) {
      this.#function(node, context, parent);
      return;
    }
    switch (node.type) {
      case 'BlockStatement':
      case 'StaticBlock':
        this.#block(node, this.#tokenAt(node.start, '{').end, {
          ...context,
          ...(node.type === 'StaticBlock' && { mode: 'once', construct: 'a static block of a class' }),
        });
        return;
      case 'ClassBody':
        this.#classBody(node, context);
        return;
      case 'CallExpression':
        this.#children(node, context);
        this.#call(node, context);
        return;
      case 'ChainExpression':
        this.#chain(node, context);
        return;
      case 'MemberExpression':
        this.#children(node, context);
        if (this.#taken.has(node)) this.#optionalMember(node, parent);
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
    this.#code.overwrite(first.start, last.end, `...$k6p${lineBreaks(this.#source.slice(first.start, last.end))}`);
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
    this.#code.update(
      node.start,
      open,
      `${stub} function* ${name}$k6${lineBreaks(this.#source.slice(node.start, open))}`,
    );
    const definition = `$k6.define(${name}, ${name}$k6, ${node.async});`;
    if (context.define) context.define(definition);
    else this.#code.appendLeft(node.end, ` ${definition}`);
  }

  #expression(node: FunctionNode, parent: Node): void {
    const open = this.#paramsStart(node);
    const breaks = lineBreaks(this.#source.slice(node.start, open));
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
    const arrow = this.#lastTokenBefore(body.start, '=>');
    const first = this.#tokenAfter(node.async ? node.start + 'async'.length : node.start);
    const hasParens = this.#source[first.start] === '(' && first.start < arrow.start;
    const begin = first.start;
    const breaks = lineBreaks(this.#source.slice(node.start, begin));
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
      const token = this.#tokenAfter(parent.start, 'async');
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

  // Calls

  #call(node: CallExpression, context: Context): void {
    const { callee } = node;
    if (context.mode === 'module' || callee.type === 'Super') return;
    if (context.construct !== '' && this.#bindings.isWait(node)) {
      this.#problems.push({ offset: node.start, construct: context.construct });
    }
    const { call, method, end } = CALLS[context.mode];
    const open = this.#tokenAfter(callee.end, '(');
    const comma = node.arguments.length > 0 ? ', ' : '';
    const replace = (from: number, text: string) =>
      this.#code.update(from, open.end, text + comma + lineBreaks(this.#source.slice(from, open.end)));
    if (node.optional && this.#taken.has(node)) this.#guard(node);
    const begin = this.#anchor(node);
    if (callee.type === 'MemberExpression' && !node.optional) {
      const { object, property } = callee;
      if (property.type === 'PrivateIdentifier') {
        this.#privateCall(node, callee, context, replace);
        return;
      }
      if (object.type === 'Super') {
        this.#code.prependRight(begin, call);
        replace(callee.end, ', this');
      } else {
        this.#code.prependRight(begin, method);
        if (callee.computed) {
          const bracket = this.#tokenAfter(object.end, '[');
          this.#code.update(object.end, bracket.end, `, ${lineBreaks(this.#source.slice(object.end, bracket.end))}`);
          replace(property.end, '');
        } else replace(object.end, `, ${JSON.stringify((property as { name: string }).name)}`);
      }
    } else {
      this.#code.prependRight(begin, call);
      replace(callee.end, node.optional && callee.type === 'MemberExpression' ? ', $k6u' : ', void 0');
    }
    this.#code.appendLeft(node.end, end);
  }

  #privateCall(
    node: CallExpression,
    callee: MemberExpression,
    context: Context,
    replace: (from: number, text: string) => void,
  ): void {
    const isAsync = context.privates.get((callee.property as { name: string }).name);
    const { mode } = context;
    if (mode === 'module') return;
    if (isAsync === undefined) {
      // A field that holds a function; its owner is said twice, so only where that is the same.
      if (callee.object.type !== 'ThisExpression') return;
      this.#code.prependRight(this.#anchor(node), CALLS[mode].call);
      replace(callee.end, ', this');
      this.#code.appendLeft(node.end, CALLS[mode].end);
      return;
    }
    const how = { steps: '(yield* ', async: '(await $k6.jobOf(', once: '$k6.runAtOnce(' }[mode];
    const close = { steps: ')', async: '))', once: ')' }[mode];
    this.#code.prependRight(this.#anchor(node), how + (isAsync ? '$k6.asyncSteps(' : ''));
    this.#code.appendLeft(node.end, (isAsync ? ')' : '') + close);
  }

  /** The optional links of chains that have a call: those are taken apart, into a test and the rest of the chain. */
  readonly #taken = new Set<Node>();

  #chain(node: ChainExpression, context: Context): void {
    const links = linksOf(node.expression);
    const optional = links.filter(({ optional }) => optional);
    const isTaken = context.mode !== 'module' && links.some(({ type }) => type === 'CallExpression');
    if (isTaken) for (const link of optional) this.#taken.add(link);
    this.#children(node, context);
    if (isTaken) this.#code.appendLeft(node.end, ')'.repeat(optional.length));
  }

  /** `a?.b` becomes `((t = a) == null ? void 0 : t.b)`: all but the parenthesis at the end, which is the chain's. */
  #guard(link: Link): void {
    const base = baseOf(link);
    if (link.type === 'CallExpression' && base.type === 'MemberExpression') {
      this.#code.prependRight(this.#anchor(base), '(($k6t = ($k6u = ');
      if (this.#taken.has(base)) this.#code.appendRight(base.object.end, ')');
      else this.#code.appendLeft(base.object.end, ')');
    } else this.#code.prependRight(this.#anchor(base), '(($k6t = ');
    this.#code.appendLeft(base.end, ') == null ? void 0 : ');
    this.#code.prependRight(base.end, '$k6t');
  }

  #optionalMember(node: MemberExpression, parent: Node): void {
    this.#guard(node);
    if (parent.type === 'CallExpression' && parent.callee === node && !parent.optional) return;
    const token = this.#tokenAfter(node.object.end, '?.');
    this.#code.update(node.object.end, token.end, node.computed ? '' : '.');
  }

  // Places

  /** Where the text of what a call or a member is of begins, once its optional links are taken apart. */
  #anchor(node: Node): number {
    if (node.type !== 'MemberExpression' && node.type !== 'CallExpression') return node.start;
    const base = baseOf(node);
    return this.#taken.has(node) ? base.end : this.#anchor(base);
  }

  #paramsStart(node: FunctionNode): number {
    const from = node.id?.end ?? node.start;
    return this.#tokenAfter(from, '(').start;
  }

  #tokenAfter(offset: number, text?: string): Token {
    const token = this.#tokens.find(
      ({ start, end }) => start >= offset && (text === undefined || this.#source.slice(start, end) === text),
    );
    return token as Token;
  }

  #tokenAt(offset: number, text: string): Token {
    return this.#tokenAfter(offset, text);
  }

  #lastTokenBefore(offset: number, text: string): Token {
    return this.#tokens.findLast(({ start, end }) => end <= offset && this.#source.slice(start, end) === text) as Token;
  }
}

type Link = CallExpression | MemberExpression;

const baseOf = (link: Link): Node => (link.type === 'MemberExpression' ? link.object : link.callee);

/** The calls and members of a chain, the last first. */
function linksOf(expression: Node): Link[] {
  if (expression.type !== 'CallExpression' && expression.type !== 'MemberExpression') return [];
  return [expression, ...linksOf(baseOf(expression))];
}

const isCallOrAwait = ({ type }: Node): boolean => type === 'CallExpression' || type === 'AwaitExpression';

/** How many parameters there are before the first with a default, as the language counts. */
function arity({ params }: FunctionNode): number {
  const end = params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return end < 0 ? params.length : end;
}

/** No line of the source may move. */
const lineBreaks = (text: string): string => text.replace(/[^\n]/g, '');
