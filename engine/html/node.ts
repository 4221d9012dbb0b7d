import { type AnyNode, type Element, hasChildren, isComment, isDocument, isTag, isText } from 'domhandler';

/** An attribute as Go's parser reports it: the namespace prefix is not part of its name. */
export interface NodeAttribute {
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

/** Returns the value of an attribute; undefined if it is absent. */
export const attributeOf = (node: AnyNode | undefined, name: string): string | undefined =>
  node && attributesOf(node).find((attribute) => attribute.name === name)?.value;

/** Returns a node's children. For a template, those of its content. */
export function childrenOf(node: AnyNode): AnyNode[] {
  if (!hasChildren(node)) return [];
  return node.children.flatMap((child) => (isTag(node) && isDocument(child) ? childrenOf(child) : [child as AnyNode]));
}

export const elementChildrenOf = (node: AnyNode): Element[] => childrenOf(node).filter(isTag);

/** Returns all text in a node, including scripts and styles. */
export const textOf = (node: AnyNode): string => (isText(node) ? node.data : childrenOf(node).map(textOf).join(''));

/** In lower case; `#text`, `#comment` and `#document` for other nodes. */
export function nameOf(node: AnyNode): string {
  if (isTag(node)) return node.name;
  if (isText(node)) return '#text';
  if (isComment(node)) return '#comment';
  return isDocument(node) ? '#document' : ((node as { name?: string }).name ?? '').replace(/^!doctype$/i, 'html');
}
