import { type Cheerio, type CheerioAPI, load } from 'cheerio';
import type { AnyNode } from 'domhandler';
import { withSelector } from './selectors.ts';

/** A parsed page. */
export class Page {
  readonly $: CheerioAPI;
  /** Where it came from; empty for a text. */
  readonly url: string;

  /** Never throws: HTML has no errors. */
  constructor(text: string, url: string) {
    this.$ = load(text);
    this.url = url;
  }

  get root(): AnyNode {
    return this.$.root().get(0) as AnyNode;
  }

  wrap(nodes: readonly AnyNode[]): Cheerio<AnyNode> {
    return this.$([...nodes]);
  }

  /** The elements within some nodes that a selector selects, in the order of the page. */
  find(selector: string, within: readonly AnyNode[] = [this.root]): AnyNode[] {
    return withSelector(selector, () => this.wrap(within).find(selector).toArray() as AnyNode[], []);
  }

  is(node: AnyNode, selector: string): boolean {
    return withSelector(selector, () => this.wrap([node]).is(selector), false);
  }

  /** The nearest of a node and what is around it. */
  closest(node: AnyNode, selector: string): AnyNode | undefined {
    return withSelector(selector, () => this.wrap([node]).closest(selector).get(0) as AnyNode | undefined, undefined);
  }
}
