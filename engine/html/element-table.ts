import { unescapePart } from '../net/go-escape.ts';
import { DEFAULT_PORTS, type GoUrl, hostnameOf, parseGoUrl, portOf } from '../net/go-url.ts';
import { parseHref, resolveHref } from './href.ts';
import { attributeOf, textOf } from './node.ts';
import type { NodeView } from './node-view.ts';

/** Computes the result of an element's method. */
type Reader = (element: NodeView) => unknown;
type Methods = Readonly<Record<string, Reader>>;

const NO_URL = parseGoUrl('');
const part =
  (read: (href: GoUrl) => string): Reader =>
  ({ node, page }) => {
    const given = attributeOf(node, 'href');
    return read((given === undefined ? undefined : parseHref(page.url, given)) ?? NO_URL);
  };
const href: Reader = ({ node, page }) => {
  const given = attributeOf(node, 'href');
  return given === undefined ? '' : resolveHref(page.url, given);
};
const content: Reader = ({ node }) => textOf(node);

const PORTS: Readonly<Record<string, string>> = { ...DEFAULT_PORTS, ftp: '21' };

const LINK: Methods = {
  href,
  toString: href,
  text: content,
  hash: part(({ fragment }) => (fragment ? `#${unescapePart(fragment, 'fragment')}` : '')),
  host: part((url) => (portOf(url) !== '' && portOf(url) === PORTS[url.scheme] ? hostnameOf(url) : url.host)),
  hostname: part(hostnameOf),
  port: part(portOf),
  username: part(({ user }) => user?.name ?? ''),
  password: part(({ user }) => user?.password ?? ''),
  origin: part(({ scheme, host }) => (scheme === '' ? '' : `${scheme}://${host}`)),
  pathname: part(({ path }) => unescapePart(path, 'path').toString()),
  protocol: part(({ scheme }) => scheme || ':'),
  search: part(({ query }) => (query ? `?${query}` : '')),
};

const TEXT: Methods = { text: content };

/** The methods of elements with certain tags. */
export const BY_TAG: Readonly<Record<string, Methods>> = {
  a: LINK,
  area: LINK,
  option: TEXT,
  script: TEXT,
  title: TEXT,
};

/** Other methods that elements have in k6. Most return what methods of a selection return, too. */
export const ONLY_K6 =
  `attributes getAttributeNode namespaceURI isDefaultNamespace relList formAction formEnctype formMethod formNoValidate
  formTarget labels cellIndex colSpan rowSpan headers textTracks options elements method control areas images index
  position selectedIndex selectedOptions caption tHead tFoot tBodies cells rowIndex sectionRowIndex
  download rel target type accessKey hrefLang referrerPolicy autoplay controls loop muted preload src currentSrc
  crossOrigin defaultMuted mediaGroup href autofocus disabled tabIndex span value cite datetime height width name
  validity action enctype encoding acceptCharset autocomplete noValidate allowfullscreen sizes srcset alt useMap
  isMap accept pattern placeholder min max dirName step required checked readonly multiple defaultChecked
  defaultValue maxLength size list challenge keytype form labels htmlFor hreflang media content httpEquiv high low
  optimum data typeMustMatch reversed start label defaultSelected selected charset async defer noModule keySystem
  sortable readOnly rows cols autocapitalize wrap abbr scope sorted srclang kind default length`.split(/\s+/);

/** Other tags whose elements have such methods in k6. */
export const OTHER_TAGS =
  `audio base button canvas col data datalist del embed fieldset form iframe img input ins keygen label legend li link map
  meta meter object ol optgroup output param pre progress quote select source style table tbody td textarea tfoot th
  thead time tr track ul video`.split(/\s+/);
