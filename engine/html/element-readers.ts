import { type GoUrl, parseGoUrl } from '../net/go-url.ts';
import { valueOrHtml } from './form-values.ts';
import { parseHref, resolveHref } from './href.ts';
import { attributeOf, nameOf, textOf } from './node.ts';
import type { NodeView } from './node-view.ts';

/** Computes the result of an element's method. */
export type Reader = (element: NodeView) => unknown;
export type Methods = Readonly<Record<string, Reader>>;

/** Returns an attribute's value. */
export const own = (element: NodeView, name: string): string | undefined => attributeOf(element.node, name);
export const text =
  (name: string): Reader =>
  (element) =>
    own(element, name) ?? '';
const int =
  (name: string, otherwise: number): Reader =>
  (element) =>
    /^[+-]?\d+$/.test(own(element, name) ?? '') ? Number(own(element, name)) : otherwise;
export const fixed =
  (value: unknown): Reader =>
  () =>
    value;
export const content: Reader = ({ node }) => textOf(node);
export const found =
  (selector: string): Reader =>
  (element) =>
    element.wrapAll(element.find(selector));
export const words =
  (name: string): Reader =>
  (element) =>
    own(element, name)?.split(' ') ?? [];

/** Creates methods that return the attribute with the same name in lower case as a whole number. */
export const ints = (names: string, otherwise: number): Methods =>
  Object.fromEntries(names.split(' ').map((name) => [name, int(name.toLowerCase(), otherwise)]));

/** Returns a field's `form…` attribute, or else the form's own attribute. */
export const formAttribute = (element: NodeView, name: string): string | undefined =>
  own(element, `form${name}`) ?? attributeOf(element.ownerForm(), name);

export const form: Reader = (element) => element.wrap(element.ownerForm());
export const labels: Reader = (element) => element.wrapAll(element.labels());

export const part =
  (read: (href: GoUrl) => string): Reader =>
  (element) => {
    const href = own(element, 'href');
    return read((href === undefined ? undefined : parseHref(element.page.url, href)) ?? NO_URL);
  };
const NO_URL = parseGoUrl('');
export const href: Reader = (element) => {
  const given = own(element, 'href');
  return given === undefined ? '' : resolveHref(element.page.url, given);
};

export const indexIn =
  (holder: string, items: string, none: number): Reader =>
  (element) => {
    const around = element.closest(holder);
    return around ? element.find(items, around).indexOf(element.node) : none;
  };
export const child =
  (name: string): Reader =>
  (element) =>
    element.wrap(element.children().find((node) => nameOf(node) === name));
export const value: Reader = ({ node }) => valueOrHtml(node);
export const selected = (element: NodeView) => element.find('option[selected]');
