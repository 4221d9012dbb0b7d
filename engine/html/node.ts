import { type AnyNode, type Element, hasChildren, isComment, isDocument, isTag, isText } from 'domhandler';

/** An attribute as reported by Go's parser, whose name doesn't include the namespace prefix. */
interface NodeAttribute {
  readonly name: string;
  readonly prefix: string;
  readonly value: string;
}

export function attributesOf(node: AnyNode): NodeAttribute[] {
  if (!isTag(node)) return [];
  const prefixes = (node['x-attribsPrefix'] ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(node.attribs).map(([name, value]) => {
    const prefix = prefixes[name] ?? '';
    return { name: prefix === '' ? name : name.slice(name.indexOf(':') + 1), prefix, value };
  });
}

/** Returns an attribute's value, or undefined if the attribute is absent. */
export const attributeOf = (node: AnyNode | undefined, name: string): string | undefined =>
  node && attributesOf(node).find((attribute) => attribute.name === name)?.value;

export const childrenOf = (node: AnyNode): AnyNode[] => (hasChildren(node) ? node.children : []);

/** Whether a node is below another one. */
export function isInside(node: AnyNode | undefined, around: AnyNode): boolean {
  for (let at = node?.parent; at; at = at.parent) if (at === around) return true;
  return false;
}

export const elementChildrenOf = (node: AnyNode): Element[] => childrenOf(node).filter(isTag);

/** Returns all text inside a node, including scripts and styles. */
export const textOf = (node: AnyNode): string => (isText(node) ? node.data : childrenOf(node).map(textOf).join(''));

/** Returns the tag name in lower case, or `#text`, `#comment` or `#document` for other nodes. */
export function nameOf(node: AnyNode): string {
  if (isTag(node)) return node.name;
  if (isText(node)) return '#text';
  if (isComment(node)) return '#comment';
  return isDocument(node) ? '#document' : ((node as { name?: string }).name ?? '').replace(/^!doctype$/i, 'html');
}
