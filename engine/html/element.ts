import type { AnyNode } from 'domhandler';
import { GO_TYPE } from '../base/go-type.ts';
import { notAvailable } from '../vu/not-available.ts';
import { BY_TAG, ONLY_K6, OTHER_TAGS } from './element-table.ts';
import { MOVES } from './moves.ts';
import { attributeOf, attributesOf, childrenOf, isInside, nameOf, textOf } from './node.ts';
import type { NodeView } from './node-view.ts';
import { innerHtml } from './render.ts';

/** A node as exposed to scripts. It has the methods in {@link OF_ALL} and the ones for its tag. */
class HtmlElement {
  readonly #view: NodeView;

  constructor(view: NodeView) {
    this.#view = view;
  }

  get [GO_TYPE](): string {
    return 'html.Element';
  }

  static viewOf(given: unknown): NodeView | undefined {
    return given !== null && typeof given === 'object' && #view in given ? given.#view : undefined;
  }
}

type Method = (view: NodeView, ...args: unknown[]) => unknown;

const nodeOf = (given: unknown): AnyNode | undefined => HtmlElement.viewOf(given)?.node;

const NODE_TYPES: Readonly<Record<string, number>> = { '#text': 3, '#comment': 8, '#document': 9 };

/** DOM methods shared by all nodes. */
const OF_ALL: Readonly<Record<string, Method>> = {
  childElementCount: (view) => view.children().length,
  childNodes: (view) => view.wrapAll(childrenOf(view.node)),
  children: (view) => view.wrapAll(view.children()),
  classList: ({ node }) => (attributeOf(node, 'class') ?? '').split(/\s+/).filter(Boolean),
  className: ({ node }) => attributeOf(node, 'class'),
  contains: ({ node }, given) => isInside(nodeOf(given), node),
  firstChild: (view) => view.wrap(childrenOf(view.node)[0]),
  firstElementChild: (view) => view.wrap(view.children()[0]),
  getAttribute: ({ node }, name) => attributeOf(node, String(name)),
  getElementsByClassName: (view, name) => view.wrapAll(view.find(`.${name}`)),
  getElementsByTagName: (view, name) => view.wrapAll(view.find(String(name))),
  hasAttribute: ({ node }, name) => attributeOf(node, String(name)) !== undefined,
  hasAttributes: ({ node }) => attributesOf(node).length > 0,
  hasChildNodes: ({ node }) => childrenOf(node).length > 0,
  id: ({ node }) => attributeOf(node, 'id') ?? '',
  innerHTML: ({ node }) => innerHtml(node),
  isEqualNode: ({ node }, given) => {
    const other = nodeOf(given);
    return other !== undefined && innerHtml(node) === innerHtml(other);
  },
  isSameNode: ({ node }, given) => nodeOf(given) === node,
  lang: ({ node }) => attributeOf(node, 'lang'),
  lastChild: (view) => view.wrap(childrenOf(view.node).at(-1)),
  lastElementChild: (view) => view.wrap(view.children().at(-1)),
  matches: ({ page, node }, selector) => page.is(node, String(selector)),
  nextElementSibling: (view) => view.wrap(MOVES.nextAll(view.node)[0]),
  nextSibling: (view) => view.wrap(view.node.next),
  nodeName: ({ node }) => nameOf(node),
  nodeType: ({ node }) => NODE_TYPES[nameOf(node)] ?? (node.type === 'directive' ? 10 : 1),
  nodeValue: ({ node }) => (node.type === 'text' || node.type === 'comment' ? textOf(node) : undefined),
  ownerDocument: (view) => view.wrap(view.page.root),
  parentElement: (view) => view.wrap(view.node.parent?.type === 'root' ? undefined : view.node.parent),
  parentNode: (view) => view.wrap(view.node.parent),
  previousElementSibling: (view) => view.wrap(MOVES.prevAll(view.node)[0]),
  previousSibling: (view) => view.wrap(view.node.prev),
  querySelector: (view, selector) => view.wrap(view.find(String(selector))[0]),
  querySelectorAll: (view, selector) => view.wrapAll(view.find(String(selector))),
  selection: ({ select, node }) => select(node),
  textContent: ({ node }) => textOf(node),
  toString: ({ node }: NodeView) => `[object ${nameOf(node).startsWith('#') ? nameOf(node) : 'html.Node'}]`,
};

function define(owner: typeof HtmlElement, methods: Readonly<Record<string, Method>>): typeof HtmlElement {
  for (const [name, method] of Object.entries(methods)) {
    const value = function (this: unknown, ...args: unknown[]): unknown {
      const view = HtmlElement.viewOf(this);
      if (!view) throw new TypeError(`${name}() must be called as a method of an element`);
      return method(view, ...args);
    };
    Object.defineProperty(owner.prototype, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return owner;
}

define(HtmlElement, OF_ALL);

for (const name of ONLY_K6) {
  const value = () => notAvailable(`the method ${name}() of an element (a selection has attr(), val() and find())`);
  Object.defineProperty(HtmlElement.prototype, name, { value, writable: true, configurable: true });
}

const CLASSES = new Map(
  Object.entries(BY_TAG).map(([tag, methods]) => [tag, define(class extends HtmlElement {}, methods)]),
);

/** Wraps a node for scripts. */
export const createElement = (view: NodeView): object => new (CLASSES.get(nameOf(view.node)) ?? HtmlElement)(view);

/** Returns the node of an element that may replace a selector: as in k6, only of tags without own methods. */
export function nodeOfPlain(given: unknown): AnyNode | undefined {
  const node = nodeOf(given);
  return node && !CLASSES.has(nameOf(node)) && !OTHER_TAGS.includes(nameOf(node)) ? node : undefined;
}
