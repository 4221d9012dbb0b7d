import { createRequire } from 'node:module';
import type { Cheerio, CheerioAPI } from 'cheerio';
import type { AnyNode } from 'domhandler';
import { withSelector } from './selectors.ts';

/** Loads the parser synchronously when it is first needed, because most scripts parse no page. */
const require = createRequire(import.meta.url);
const parser = (): typeof import('cheerio') => require('cheerio');

/** A parsed page. */
export class Page {
  readonly $: CheerioAPI;
  /** The page's URL. Empty if the page was parsed from a string. */
  readonly url: string;

  /** Never throws, since any text is valid HTML. */
  constructor(text: string, url: string) {
    this.$ = parser().load(text);
    this.url = url;
  }

  get root(): AnyNode {
    return this.$.root().get(0) as AnyNode;
  }

  wrap(nodes: readonly AnyNode[]): Cheerio<AnyNode> {
    return this.$([...nodes]);
  }

  /** Finds the elements below the given nodes that match a selector, in document order. */
  find(selector: string, within: readonly AnyNode[] = [this.root]): AnyNode[] {
    return withSelector(selector, () => this.wrap(within).find(selector).toArray() as AnyNode[], []);
  }

  is(node: AnyNode, selector: string): boolean {
    return withSelector(selector, () => this.wrap([node]).is(selector), false);
  }

  /** Returns the closest match among a node and its ancestors. */
  closest(node: AnyNode, selector: string): AnyNode | undefined {
    return withSelector(selector, () => this.wrap([node]).closest(selector).get(0) as AnyNode | undefined, undefined);
  }
}
