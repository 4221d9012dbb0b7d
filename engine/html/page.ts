import { createRequire } from 'node:module';
import { type AnyNode, type Document, hasChildren, isTag } from 'domhandler';
import { withSelector } from './selectors.ts';

/** Loads the parser and the selectors synchronously when they are first needed, because most scripts parse no page. */
const require = createRequire(import.meta.url);
const parser = (): typeof import('parse5') => require('parse5');
const treeAdapter = (): typeof import('parse5-htmlparser2-tree-adapter') => require('parse5-htmlparser2-tree-adapter');
const selectors = (): typeof import('cheerio-select') => require('cheerio-select');

/** Selectors such as `+ p`, which start at the given nodes and not at their children. */
const STARTS_AT_NODE = /^\s*[+~]/;

/** A parsed page. */
export class Page {
  readonly root: Document;
  /** The page's URL. Empty if the page was parsed from a string. */
  readonly url: string;

  /** Never throws, since any text is valid HTML. */
  constructor(text: string, url: string) {
    this.root = parser().parse(text, { treeAdapter: treeAdapter().adapter, scriptingEnabled: true });
    this.url = url;
  }

  /** Finds the elements below the given nodes that match a selector, in document order. */
  find(selector: string, within: readonly AnyNode[] = [this.root]): AnyNode[] {
    const children = within.flatMap((node) => (hasChildren(node) ? node.children : []));
    const from = STARTS_AT_NODE.test(selector) ? within : children.filter(isTag);
    const options = { context: [...within], root: this.root };
    return withSelector(selector, () => selectors().select(selector, [...new Set(from)], options), []);
  }

  is(node: AnyNode, selector: string): boolean {
    return withSelector(selector, () => isTag(node) && selectors().is(node, selector), false);
  }

  /** Returns the closest match among a node and its ancestors. */
  closest(node: AnyNode, selector: string): AnyNode | undefined {
    const select = (): AnyNode | undefined => {
      let at = isTag(node) ? node : node.parent;
      while (at && isTag(at) && !selectors().is(at, selector, { root: this.root })) at = at.parent;
      return at && isTag(at) ? at : undefined;
    };
    return withSelector(selector, select, undefined);
  }
}
