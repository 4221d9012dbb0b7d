import type { Cheerio, CheerioAPI } from 'cheerio';
import { type AnyNode, isTag } from 'domhandler';
import type { Vu } from '../vu/vu.ts';
import type { Selection } from './selection.ts';

const NODES = new WeakMap<object, AnyNode>();

/** The node behind an element; undefined for anything else. */
export const nodeOf = (element: unknown): AnyNode | undefined => NODES.get(element as object);

/** One node of a page, with what the DOM says of every element. */
export type Element = ReturnType<typeof createElement>;

/** Attributes that elements show under a name of their own, and what they are where they are missing. */
const REFLECTED: Readonly<Record<string, string>> = {
  alt: '',
  charset: '',
  cite: '',
  dateTime: '',
  download: '',
  href: '',
  hreflang: '',
  htmlFor: '',
  media: '',
  name: '',
  placeholder: '',
  rel: '',
  src: '',
  target: '',
  title: '',
  type: '',
  value: '',
  action: '',
};

const FLAGS = ['checked', 'disabled', 'hidden', 'multiple', 'readOnly', 'required', 'selected', 'autofocus'];

const URL_PARTS = [
  'hash',
  'host',
  'hostname',
  'origin',
  'password',
  'pathname',
  'port',
  'protocol',
  'search',
  'username',
] as const;

export function createElement(
  vu: Vu,
  page: CheerioAPI,
  node: AnyNode,
  url: string,
  wrap: (nodes: Cheerio<AnyNode>) => Selection,
) {
  const make = (other: AnyNode | null | undefined): ReturnType<typeof createElement> | undefined =>
    other ? (createElement(vu, page, other, url, wrap) as never) : undefined;
  const all = (nodes: readonly AnyNode[]) => nodes.map((other) => make(other));
  const self = page(node);
  const attributes = (isTag(node) ? node.attribs : {}) as Record<string, string>;
  const attribute = (name: string) => {
    const value = attributes[name];
    return value === undefined
      ? undefined
      : { name, value, namespaceURI: () => '', localName: () => name, prefix: () => '' };
  };
  const children = () => self.children().toArray() as AnyNode[];
  const contents = () => self.contents().toArray() as AnyNode[];
  const absolute = (name: string) =>
    URL.canParse(attributes[name] ?? '', url || undefined)
      ? new URL(attributes[name] ?? '', url || undefined)
      : undefined;
  const nodeName = isTag(node)
    ? node.name
    : node.type === 'text'
      ? '#text'
      : node.type === 'root'
        ? '#document'
        : `#${node.type}`;
  const element: Record<string, unknown> & { selection(): Selection } = {
    attributes: () => Object.fromEntries(Object.keys(attributes).map((name) => [name, attribute(name)])),
    childElementCount: () => children().length,
    childNodes: () => all(contents()),
    children: () => all(children()),
    classList: () => (attributes.class ?? '').split(/\s+/).filter(Boolean),
    className: () => attributes.class,
    contains: (other: unknown) => page.contains(node as never, nodeOf(other) as never),
    firstChild: () => make(contents()[0]),
    firstElementChild: () => make(children()[0]),
    getAttribute: (name: string) => attributes[name],
    getAttributeNode: attribute,
    getElementsByClassName: (name: string) => all(self.find(`.${name}`).toArray()),
    getElementsByTagName: (name: string) => all(self.find(name).toArray()),
    hasAttribute: (name: string) => name in attributes,
    hasAttributes: () => Object.keys(attributes).length > 0,
    hasChildNodes: () => contents().length > 0,
    id: () => attributes.id ?? '',
    innerHTML: () => self.html() ?? undefined,
    isDefaultNamespace: () => true,
    isEqualNode: (other: unknown) => page.html(self) === page.html(nodeOf(other) as never),
    isSameNode: (other: unknown) => nodeOf(other) === node,
    lang: () => self.closest('[lang]').attr('lang'),
    lastChild: () => make(contents().at(-1)),
    lastElementChild: () => make(children().at(-1)),
    matches: (selector: string) => self.is(selector),
    namespaceURI: () => '',
    nextElementSibling: () => make(self.next().get(0)),
    nextSibling: () => make(node.next),
    nodeName: () => nodeName,
    nodeType: () => (isTag(node) ? 1 : node.type === 'text' ? 3 : node.type === 'comment' ? 8 : 9),
    nodeValue: () => ('data' in node ? String(node.data) : undefined),
    ownerDocument: () => make(page.root().get(0)),
    parentElement: () => make(self.parent().get(0)),
    parentNode: () => make(node.parent),
    previousElementSibling: () => make(self.prev().get(0)),
    previousSibling: () => make(node.prev),
    querySelector: (selector: string) => make(self.find(selector).get(0)),
    querySelectorAll: (selector: string) => all(self.find(selector).toArray()),
    textContent: () => self.text(),
    toString: () => (isTag(node) ? `<${node.name}>` : nodeName),
    selection: () => wrap(self),
    form: () => make(self.closest('form').get(0)),
    labels: () => all(attributes.id ? page(`label[for="${attributes.id}"]`).toArray() : []),
    text: () => self.text(),
    options: () => all(self.find('option').toArray()),
    elements: () => all(self.find('input,button,select,textarea,fieldset,output,object').toArray()),
    method: () => (attributes.method ?? 'get').toLowerCase(),
  };
  for (const [name, missing] of Object.entries(REFLECTED)) {
    const source = name === 'htmlFor' ? 'for' : name.toLowerCase();
    element[name] ??= () => attributes[source] ?? missing;
  }
  for (const name of FLAGS) element[name] ??= () => name.toLowerCase() in attributes;
  for (const part of URL_PARTS) element[part] ??= () => absolute('href')?.[part] ?? '';
  element.relList ??= () => (attributes.rel ?? '').split(/\s+/).filter(Boolean);
  if (nodeName === 'textarea' || nodeName === 'select' || nodeName === 'option')
    element.value = () => self.val() ?? self.text();
  NODES.set(element, node);
  return element;
}
