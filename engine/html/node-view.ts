import type { AnyNode } from 'domhandler';
import { attributeOf, elementChildrenOf } from './node.ts';
import type { Page } from './page.ts';

/** Returns the element for a node, or undefined if there is no node. */
export type ElementOf = (node: AnyNode | null | undefined) => object | undefined;

/** A node as seen by the methods of its element. */
export type NodeView = ReturnType<typeof viewOf>;

/** @param select Returns a selection that contains only the given node. */
export function viewOf(page: Page, node: AnyNode, wrap: ElementOf, select: (node: AnyNode) => object) {
  const closest = (selector: string): AnyNode | undefined => page.closest(node, selector);
  return {
    page,
    node,
    wrap,
    select,
    closest,
    wrapAll: (nodes: readonly AnyNode[]): (object | undefined)[] => nodes.map(wrap),
    find: (selector: string, within = node): AnyNode[] => page.find(selector, [within]),
    children: (): AnyNode[] => elementChildrenOf(node),

    /** Returns the form that contains the field or that its `form` attribute refers to. */
    ownerForm(): AnyNode | undefined {
      const around = closest('form');
      if (around) return around;
      const id = attributeOf(node, 'form') ?? '';
      return id === '' ? undefined : page.find(`#${id}`)[0];
    },

    /** Returns the label that contains the field, and all labels that refer to it. */
    labels(): AnyNode[] {
      const around = closest('label');
      const id = attributeOf(node, 'id') ?? '';
      const named = id === '' ? [] : page.find(`label[for="${id}"]`);
      return [...new Set([...(around ? [around] : []), ...named])];
    },
  };
}
