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
export const flag =
  (name: string): Reader =>
  (element) =>
    own(element, name) !== undefined;
export const int =
  (name: string, otherwise: number): Reader =>
  (element) =>
    /^[+-]?\d+$/.test(own(element, name) ?? '') ? Number(own(element, name)) : otherwise;
export const oneOf =
  (name: string, known: string, otherwise?: string): Reader =>
  (element) =>
    known.split(' ').includes(own(element, name) ?? '') ? own(element, name) : otherwise;
export const fixed =
  (value: unknown): Reader =>
  () =>
    value;
export const content: Reader = ({ node }) => textOf(node);
export const address =
  (name: string, otherwise: Reader = fixed('')): Reader =>
  (element) => {
    const { url } = element.page;
    const given = own(element, name);
    if (url === '') return given ?? '';
    return given === undefined ? otherwise(element) : resolveHref(url, given);
  };
export const found =
  (selector: string): Reader =>
  (element) =>
    element.wrapAll(element.find(selector));
export const words =
  (name: string): Reader =>
  (element) =>
    own(element, name)?.split(' ') ?? [];

/** Creates methods that return the attribute with the same name in lower case. */
export const texts = (names: string): Methods => each(names, text);
export const flags = (names: string): Methods => each(names, flag);
export const ints = (names: string, otherwise: number): Methods => each(names, (name) => int(name, otherwise));
function each(names: string, reader: (attribute: string) => Reader): Methods {
  return Object.fromEntries(names.split(' ').map((name) => [name, reader(name.toLowerCase())]));
}

const POLICIES = 'no-referrer no-referrer-when-downgrade origin origin-when-cross-origin unsafe-url';
export const ENCODINGS = 'multipart/form-data text/plain';
export const referrerPolicy = oneOf('referrerpolicy', POLICIES, '');
export const enctype = oneOf('enctype', ENCODINGS, 'application/x-www-form-urlencoded');
export const crossOrigin = oneOf('crossorigin', 'anonymous use-credentials');
export const tabIndex = int('tabindex', 0);
export const form: Reader = (element) => element.wrap(element.ownerForm());
export const labels: Reader = (element) => element.wrapAll(element.labels());

export const part =
  (read: (href: GoUrl) => string): Reader =>
  (element) => {
    const href = own(element, 'href');
    return read((href === undefined ? undefined : parseHref(element.page.url, href)) ?? NO_URL);
  };
const NO_URL = parseGoUrl('');
export const href = address('href');

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
