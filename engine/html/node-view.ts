import type { AnyNode } from 'domhandler';
import { elementChildrenOf } from './node.ts';
import type { Page } from './page.ts';

/** Returns the element for a node, or undefined if there is no node. */
export type ElementOf = (node: AnyNode | null | undefined) => object | undefined;

/** A node as seen by the methods of its element. */
export type NodeView = ReturnType<typeof viewOf>;

/** @param select Returns a selection that contains only the given node. */
export function viewOf(page: Page, node: AnyNode, wrap: ElementOf, select: (node: AnyNode) => object) {
  return {
    page,
    node,
    wrap,
    select,
    wrapAll: (nodes: readonly AnyNode[]): (object | undefined)[] => nodes.map(wrap),
    find: (selector: string): AnyNode[] => page.find(selector, [node]),
    children: (): AnyNode[] => elementChildrenOf(node),
  };
}
