import type { AnyNode } from 'domhandler';
import { attributeOf, elementChildrenOf } from './node.ts';
import type { Page } from './page.ts';

/** A node as seen by the methods of its element. */
export class NodeView {
  readonly page: Page;
  readonly node: AnyNode;
  /** Returns the element for a node, or undefined if there is no node. */
  readonly one: (node: AnyNode | null | undefined) => object | undefined;

  /** Returns a selection that contains only the given node. */
  readonly select: (node: AnyNode) => object;

  constructor(page: Page, node: AnyNode, one: NodeView['one'], select: NodeView['select']) {
    this.select = select;
    this.page = page;
    this.node = node;
    this.one = one;
  }

  readonly all = (nodes: readonly AnyNode[]): (object | undefined)[] => nodes.map(this.one);

  readonly find = (selector: string, within = this.node): AnyNode[] => this.page.find(selector, [within]);

  readonly findAll = (selector: string): AnyNode[] => this.page.find(selector);

  readonly closest = (selector: string): AnyNode | undefined => this.page.closest(this.node, selector);

  readonly children = (): AnyNode[] => elementChildrenOf(this.node);

  /** Returns the form that contains the field or that its `form` attribute refers to. */
  ownerForm(): AnyNode | undefined {
    const around = this.closest('form');
    if (around) return around;
    const id = attributeOf(this.node, 'form') ?? '';
    return id === '' ? undefined : this.findAll(`#${id}`)[0];
  }

  /** Returns the label that contains the field, and all labels that refer to it. */
  labels(): AnyNode[] {
    const around = this.closest('label');
    const id = attributeOf(this.node, 'id') ?? '';
    const named = id === '' ? [] : this.findAll(`label[for="${id}"]`);
    return [...new Set([...(around ? [around] : []), ...named])];
  }
}
