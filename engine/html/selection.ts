import type { AnyNode } from 'domhandler';
import { GoError } from '../base/errors.ts';
import { goTypeOf } from '../base/go-type.ts';
import type { Vu } from '../vu/vu.ts';
import { dataOf, dataOfName } from './data-attributes.ts';
import { createElement, nodeOfPlain } from './element.ts';
import { encodeForm, type FormValue, fieldValue, isSent } from './form-values.ts';
import { MOVES, MOVES_UNTIL, type Move } from './moves.ts';
import { attributeOf, childrenOf, elementChildrenOf, isInside, nameOf, textOf } from './node.ts';
import { type ElementOf, viewOf } from './node-view.ts';
import type { Page } from './page.ts';
import { innerHtml } from './render.ts';

/** A set of nodes on a page. Methods that call functions are in `selection-callbacks.ts`, moves in `moves.ts`. */
export class Selection {
  readonly url: string;
  readonly #vu: Vu;
  readonly #page: Page;
  readonly #nodes: readonly AnyNode[];
  /** The selection that this one was derived from. */
  readonly #before: Selection | null;

  constructor(vu: Vu, page: Page, nodes: readonly AnyNode[], before: Selection | null = null) {
    this.url = page.url;
    this.#vu = vu;
    this.#page = page;
    this.#nodes = [...new Set(nodes)];
    this.#before = before;
  }

  static vuOf = (selection: Selection): Vu => selection.#vu;
  static pageOf = (selection: Selection): Page => selection.#page;
  static nodesOf = (selection: Selection): readonly AnyNode[] => selection.#nodes;
  static is = (given: unknown): given is Selection => given !== null && typeof given === 'object' && #page in given;
  /** Creates a selection of other nodes on the same page. Its `end()` returns the original selection. */
  static from = (selection: Selection, nodes: readonly AnyNode[]): Selection => selection.#of(nodes);
  static elementOf = (selection: Selection, node: AnyNode): object => selection.#element(node);

  /** Implements `not()` for a selector, a selection or an element. */
  static without = (selection: Selection, given: unknown): Selection => {
    const isGiven: (node: AnyNode) => boolean =
      typeof given === 'string'
        ? (node) => selection.#page.is(node, given)
        : (node) => selection.#given(given, () => []).includes(node);
    return selection.#of(selection.#nodes.filter((node) => !isGiven(node)));
  };

  static {
    const define = (name: string, value: (this: Selection, ...args: unknown[]) => Selection) =>
      Object.defineProperty(Selection.prototype, name, { value, writable: true, configurable: true });
    for (const [name, move] of Object.entries(MOVES)) {
      define(name, function (selector) {
        return this.#filtered(this.#nodes.flatMap(move), selector);
      });
    }
    for (const [name, move] of Object.entries(MOVES_UNTIL)) {
      define(name, function (until, filter) {
        return this.#goUntil(move, until, filter);
      });
    }
  }

  add(given: unknown): Selection {
    const others = this.#given(given, (selector) => this.#page.find(selector));
    return this.#of([...this.#nodes, ...others]);
  }

  attr(name: unknown, otherwise?: unknown): unknown {
    return attributeOf(this.#nodes[0], String(name)) ?? otherwise;
  }

  children(selector?: unknown): Selection {
    return this.#filtered(this.#nodes.flatMap(elementChildrenOf), selector);
  }

  closest(given: unknown): Selection {
    const around = (node: AnyNode, wanted: readonly AnyNode[]) => {
      for (let at: AnyNode | null = node; at; at = at.parent) if (wanted.includes(at)) return [at];
      return [];
    };
    if (typeof given === 'string')
      return this.#of(this.#nodes.flatMap((node) => this.#page.closest(node, given) ?? []));
    const wanted = this.#given(given, () => []);
    return this.#of(this.#nodes.flatMap((node) => around(node, wanted)));
  }

  contents(): Selection {
    return this.#of(this.#nodes.flatMap(childrenOf));
  }

  data(key?: unknown): unknown {
    return key === undefined ? dataOf(this.#nodes[0]) : dataOfName(this.#nodes[0], String(key));
  }

  end(): Selection {
    return this.#before ?? this.#of([]);
  }

  eq(index: unknown): Selection {
    return this.#of([this.#nodes.at(Number(index))].filter((node) => node !== undefined));
  }

  find(given: unknown): Selection {
    const isWithin = (node: AnyNode) => this.#nodes.some((around) => isInside(node, around));
    if (typeof given === 'string') return this.#of(this.#page.find(given, this.#nodes));
    return this.#of(this.#given(given, () => []).filter(isWithin));
  }

  first(): Selection {
    return this.#of(this.#nodes.slice(0, 1));
  }

  get(index?: unknown): unknown {
    if (index === undefined) return this.#nodes.map((node) => this.#element(node));
    const at = Number(index);
    const node = Math.abs(at) < this.#nodes.length ? this.#nodes.at(at) : undefined;
    return node && this.#element(node);
  }

  has(given: unknown): Selection {
    const wanted = this.#given(given, (selector) => this.#page.find(selector, this.#nodes));
    return this.#of(this.#nodes.filter((node) => wanted.some((descendant) => isInside(descendant, node))));
  }

  html(): string {
    return this.#nodes[0] ? innerHtml(this.#nodes[0]) : '';
  }

  index(given?: unknown): number {
    const [first] = this.#nodes;
    if (given === undefined) return first ? MOVES.prevAll(first).length : -1;
    if (typeof given === 'string') return this.#page.find(given).indexOf(first as AnyNode);
    if (Selection.is(given)) return this.#nodes.indexOf(given.#nodes[0] as AnyNode);
    return this.#nodes.indexOf(nodeOfPlain(given) as AnyNode);
  }

  last(): Selection {
    return this.#of(this.#nodes.slice(-1));
  }

  serialize(): string {
    return encodeForm(this.serializeArray());
  }

  serializeArray(): FormValue[] {
    const isForm = this.#nodes.some((node) => nameOf(node) === 'form');
    const fields = 'input,select,textarea,keygen';
    const found = isForm
      ? this.#page.find(fields, this.#nodes)
      : this.#nodes.filter((node) => fields.split(',').includes(nameOf(node)));
    return found.filter(isSent).map((node) => ({ name: attributeOf(node, 'name') ?? '', value: this.#value(node) }));
  }

  serializeObject(): Record<string, FormValue['value']> {
    return Object.fromEntries(this.serializeArray().map(({ name, value }) => [name, value]));
  }

  single(selector: unknown): Selection {
    return this.#of(this.#page.find(String(selector), this.#nodes).slice(0, 1));
  }

  size(): number {
    return this.#nodes.length;
  }

  slice(start: unknown, end?: unknown): Selection {
    return this.#of(this.#nodes.slice(Number(start), end === undefined ? undefined : Number(end)));
  }

  text(): string {
    return this.#nodes.map(textOf).join('');
  }

  toArray(): Selection[] {
    return this.#nodes.map((node) => this.#of([node]));
  }

  val(): FormValue['value'] {
    return this.#value(this.#nodes[0]);
  }

  #of(nodes: readonly AnyNode[]): Selection {
    return new Selection(this.#vu, this.#page, nodes, this);
  }

  #element(node: AnyNode): object {
    const wrap: ElementOf = (other) => (other ? createElement(viewOf(this.#page, other, wrap, select)) : undefined);
    const select = (other: AnyNode) => new Selection(this.#vu, this.#page, [other]);
    return wrap(node) as object;
  }

  #value(node: AnyNode | undefined): FormValue['value'] {
    return fieldValue(node, (selector) => (node ? this.#page.find(selector, [node]) : []));
  }

  /** Moves until before the first node that is given or matches a selector. */
  #goUntil(move: Move, until: unknown, filter: unknown): Selection {
    const isAbsent = until === undefined || until === null;
    if (!isAbsent && typeof until !== 'string' && !Selection.is(until)) throw notASelector(until);
    const isEnd = (node: AnyNode): boolean =>
      Selection.is(until) ? until.#nodes.includes(node) : !isAbsent && this.#page.is(node, until);
    const nodes = this.#nodes.flatMap((node) => {
      const all = move(node);
      const end = all.findIndex(isEnd);
      return end < 0 ? all : all.slice(0, end);
    });
    return this.#filtered(nodes, filter ?? undefined);
  }

  /** Returns the nodes that an argument refers to, which may be a selector, a selection or an element. */
  #given(given: unknown, select: (selector: string) => readonly AnyNode[]): readonly AnyNode[] {
    if (typeof given === 'string') return select(given);
    const node = nodeOfPlain(given);
    if (Selection.is(given)) return given.#nodes;
    if (node) return [node];
    throw notASelector(given);
  }

  #filtered(nodes: readonly AnyNode[], selector: unknown): Selection {
    if (selector === undefined) return this.#of(nodes);
    return this.#of(nodes.filter((node) => this.#page.is(node, String(selector))));
  }
}

const notASelector = (given: unknown): GoError =>
  new GoError(`invalid argument, cannot use a '${goTypeOf(given)}' as a selector`);
