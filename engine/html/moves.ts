import { type AnyNode, type Element, isDocument, isTag } from 'domhandler';

/** A way from a node to elements around it, nearest first. */
export type Move = (node: AnyNode) => AnyNode[];

const siblingsBy =
  (step: 'next' | 'prev') =>
  (node: AnyNode): Element[] => {
    const found: Element[] = [];
    for (let at = node[step]; at; at = at[step]) if (isTag(at)) found.push(at);
    return found;
  };
const nextAll = siblingsBy('next');
const prevAll = siblingsBy('prev');

/** The moves by the names of their methods. */
export const MOVES = {
  next: (node) => nextAll(node).slice(0, 1),
  nextAll,
  prev: (node) => prevAll(node).slice(0, 1),
  prevAll,
  parent: (node) => parents(node).slice(0, 1),
  parents,
  siblings: (node) => [...prevAll(node).reverse(), ...nextAll(node)],
} satisfies Readonly<Record<string, Move>>;

/** The moves that end before a node, by the names of their methods. */
export const MOVES_UNTIL = { nextUntil: nextAll, prevUntil: prevAll, parentsUntil: parents };

function parents(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (let at = node.parent; at && !isDocument(at); at = at.parent) found.push(at);
  return found;
}
