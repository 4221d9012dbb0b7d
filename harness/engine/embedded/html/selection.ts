import { type Cheerio, type CheerioAPI, load } from 'cheerio';
import type { AnyNode } from 'domhandler';
import { callInSteps, type Steps } from '../blocking/carried.ts';
import { inSteps } from '../modules/in-steps.ts';
import type { Vu } from '../vu/vu.ts';
import { createElement, type Element, nodeOf } from './element.ts';

/** A set of nodes of a page, as k6/html has it: jQuery's, without what changes it. */
export type Selection = ReturnType<typeof createSelection>;

/** Parses a page. Never throws: HTML has no errors. @param url Where it came from. */
export const parseHtml = (vu: Vu, text: string, url = ''): Selection => {
  const page = load(text);
  return createSelection(vu, page, page.root() as unknown as Cheerio<AnyNode>, url);
};

const OWNER = new WeakMap<object, Cheerio<AnyNode>>();

/** Moves in the tree: from a set to a set, with an optional selector. */
const MOVES = ['children', 'next', 'nextAll', 'prev', 'prevAll', 'parent', 'parents', 'closest'] as const;

const UNTIL = ['nextUntil', 'prevUntil', 'parentsUntil'] as const;

function createSelection(vu: Vu, page: CheerioAPI, nodes: Cheerio<AnyNode>, url: string) {
  const wrap = (found: Cheerio<AnyNode>): Selection => createSelection(vu, page, found, url);
  const element = (node: AnyNode | undefined): Element | undefined =>
    node && createElement(vu, page, node, url, (found) => wrap(found));
  /** A selector, a set or an element, as cheerio takes it. */
  const arg = (given: unknown) => (OWNER.get(given as object) ?? nodeOf(given) ?? given) as string;
  const attribute = (name: string): string | undefined => nodes.attr(name);

  function* each([visit]: unknown[]): Steps {
    for (const [index, node] of nodes.toArray().entries()) {
      if ((yield* callInSteps(visit, undefined, [index, element(node)])) === false) break;
    }
    return selection;
  }
  function* map([mapper]: unknown[]): Steps {
    const results: unknown[] = [];
    for (const [index, node] of nodes.toArray().entries()) {
      results.push(yield* callInSteps(mapper, undefined, [index, wrap(page(node))]));
    }
    return results;
  }
  function* keep(by: unknown, wanted: boolean): Steps {
    if (typeof by !== 'function') return wrap(wanted ? nodes.filter(arg(by)) : nodes.not(arg(by)));
    const kept: AnyNode[] = [];
    for (const [index, node] of nodes.toArray().entries()) {
      if (Boolean(yield* callInSteps(by, undefined, [index, element(node)])) === wanted) kept.push(node);
    }
    return wrap(page(kept));
  }
  const moves = Object.fromEntries(
    MOVES.map((name) => [name, (selector?: unknown) => wrap(nodes[name](arg(selector)) as Cheerio<AnyNode>)]),
  ) as Record<(typeof MOVES)[number], (selector?: unknown) => Selection>;
  const until = Object.fromEntries(
    UNTIL.map((name) => [
      name,
      (selector?: unknown, filter?: unknown) => wrap(nodes[name](arg(selector), arg(filter)) as Cheerio<AnyNode>),
    ]),
  ) as Record<(typeof UNTIL)[number], (selector?: unknown, filter?: unknown) => Selection>;

  const selection = {
    ...moves,
    ...until,
    attr: (name: string, otherwise?: string) => attribute(String(name)) ?? otherwise,
    contents: () => wrap(nodes.contents()),
    data: (key?: string) => (key === undefined ? nodes.data() : nodes.data(key)),
    each: inSteps(vu, (...args: unknown[]) => each(args)),
    eq: (index: number) => wrap(nodes.eq(index)),
    filter: inSteps(vu, (by: unknown) => keep(by, true)),
    find: (selector: unknown) => wrap(nodes.find(arg(selector)) as Cheerio<AnyNode>),
    first: () => wrap(nodes.first()),
    get: (index: number) => element(nodes.get(index)),
    has: (selector: unknown) => wrap(nodes.has(arg(selector))),
    html: (otherwise?: string) => nodes.html() ?? otherwise,
    is: (selector: unknown) => nodes.is(arg(selector)),
    last: () => wrap(nodes.last()),
    map: inSteps(vu, (...args: unknown[]) => map(args)),
    not: inSteps(vu, (by: unknown) => keep(by, false)),
    serialize: () => new URLSearchParams(pairs().map(({ name, value }): [string, string] => [name, value])).toString(),
    serializeArray: () => pairs(),
    serializeObject: () => Object.fromEntries(pairs().map(({ name, value }) => [name, value])),
    size: () => nodes.length,
    slice: (start: number, end?: number) => wrap(nodes.slice(start, end)),
    text: () => nodes.text(),
    toArray: () => nodes.toArray().map((node) => wrap(page(node))),
    val: (otherwise?: string) => nodes.val() ?? otherwise,
  };
  const pairs = (): { name: string; value: string }[] => nodes.serializeArray();
  OWNER.set(selection, nodes);
  return selection;
}
