import type { CallExpression, ChainExpression, MemberExpression } from 'acorn';
import type MagicString from 'magic-string';
import type { BlockingBindings } from './blocking-bindings.ts';
import type { Context, Mode, Problem } from './context.ts';
import type { SourceText } from './source-text.ts';
import type { Node } from './syntax.ts';

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

/** Hands calls over to the runtime: see `rewrite.ts`. */
export class CallRewriter {
  readonly #code: MagicString;
  readonly #source: SourceText;
  readonly #bindings: BlockingBindings;
  readonly problems: Problem[] = [];

  constructor(code: MagicString, source: SourceText, bindings: BlockingBindings) {
    this.#code = code;
    this.#source = source;
    this.#bindings = bindings;
  }

  /** Rewrites a call, once what it consists of has been. */
  call(node: CallExpression, context: Context): void {
    const { callee } = node;
    if (context.mode === 'module' || callee.type === 'Super') return;
    if (context.construct !== '' && this.#bindings.isWait(node)) {
      this.problems.push({ offset: node.start, construct: context.construct });
    }
    const { call, method, end } = CALLS[context.mode];
    const open = this.#source.tokenAfter(callee.end, '(');
    const comma = node.arguments.length > 0 ? ', ' : '';
    const replace = (from: number, text: string) =>
      this.#code.update(from, open.end, text + comma + this.#source.lineBreaks(from, open.end));
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
          const bracket = this.#source.tokenAfter(object.end, '[');
          this.#code.update(object.end, bracket.end, `, ${this.#source.lineBreaks(object.end, bracket.end)}`);
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

  /** Notes which links are to be taken apart: before they are rewritten. @returns How many. */
  take(node: ChainExpression, { mode }: Context): number {
    const links = linksOf(node.expression);
    if (mode === 'module' || !links.some(({ type }) => type === 'CallExpression')) return 0;
    const optional = links.filter((link) => link.optional);
    for (const link of optional) this.#taken.add(link);
    return optional.length;
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

  /** Rewrites a member, once what it is of has been. */
  member(node: MemberExpression, parent: Node): void {
    if (!this.#taken.has(node)) return;
    this.#guard(node);
    if (parent.type === 'CallExpression' && parent.callee === node && !parent.optional) return;
    const token = this.#source.tokenAfter(node.object.end, '?.');
    this.#code.update(node.object.end, token.end, node.computed ? '' : '.');
  }

  /** Where the text of what a call or a member is of begins, once its optional links are taken apart. */
  #anchor(node: Node): number {
    if (node.type !== 'MemberExpression' && node.type !== 'CallExpression') return node.start;
    const base = baseOf(node);
    return this.#taken.has(node) ? base.end : this.#anchor(base);
  }
}

type Link = CallExpression | MemberExpression;

const baseOf = (link: Link): Node => (link.type === 'MemberExpression' ? link.object : link.callee);

/** The calls and members of a chain, the last first. */
function linksOf(expression: Node): Link[] {
  if (expression.type !== 'CallExpression' && expression.type !== 'MemberExpression') return [];
  return [expression, ...linksOf(baseOf(expression))];
}
