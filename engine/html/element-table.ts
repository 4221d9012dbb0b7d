import { unescapePart } from '../net/go-escape.ts';
import { DEFAULT_PORTS, hostnameOf, portOf } from '../net/go-url.ts';
import {
  child,
  content,
  fixed,
  form,
  formAttribute,
  found,
  href,
  indexIn,
  ints,
  labels,
  type Methods,
  own,
  part,
  type Reader,
  selected,
  text,
  value,
  words,
} from './element-readers.ts';
import { valueOrHtml } from './form-values.ts';
import { resolveHref } from './href.ts';
import { attributeOf, textOf } from './node.ts';
import type { NodeView } from './node-view.ts';

const positive = (element: NodeView, name: string): number | undefined => {
  const given = Number(own(element, name)?.trim() || Number.NaN);
  return given >= 0 ? given : undefined;
};
const most = (element: NodeView): number => positive(element, 'max') ?? 1;
const progress =
  (otherwise: number): Reader =>
  (element) => {
    const amount = positive(element, 'value');
    return amount === undefined ? otherwise : amount / most(element);
  };

const PORTS: Readonly<Record<string, string>> = { ...DEFAULT_PORTS, ftp: '21' };

const LINK: Methods = {
  href,
  toString: href,
  relList: words('rel'),
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

const ENCODINGS = ['multipart/form-data', 'text/plain'];

const FIELD: Methods = {
  form,
  labels,
  name: text('name'),
  formAction: (element) => {
    const action = formAttribute(element, 'action') ?? '';
    const { url } = element.page;
    if (url === '') return action;
    return action === '' ? url : resolveHref(url, action);
  },
  formEnctype: (element) => {
    const given = formAttribute(element, 'enctype') ?? '';
    return ENCODINGS.includes(given) ? given : 'application/x-www-form-urlencoded';
  },
  formMethod: (element) => (formAttribute(element, 'method')?.toLowerCase() === 'post' ? 'post' : 'get'),
  formNoValidate: (element) => formAttribute(element, 'novalidate') !== undefined,
  formTarget: (element) => formAttribute(element, 'target') ?? '',
};

const CELL: Methods = {
  cellIndex: indexIn('tr', 'th,td', -1),
  ...ints('colSpan rowSpan', 1),
  headers: text('headers'),
};
const SECTION: Methods = { rows: found('tr') };
const MEDIA: Methods = { textTracks: found('track') };
const FIELDS = 'input,select,button,textarea';

/** The methods of elements that k6's documentation lists, by tag. */
export const BY_TAG: Readonly<Record<string, Methods>> = {
  a: LINK,
  area: LINK,
  audio: MEDIA,
  button: { ...FIELD, value },
  canvas: ints('width height', 150),
  datalist: { options: found('option') },
  fieldset: { type: fixed('fieldset'), form, elements: found(FIELDS) },
  form: {
    elements: found(`${FIELDS},fieldset`),
    length: (element) => element.find(`${FIELDS},fieldset`).length,
    method: (element) => (own(element, 'method') === 'post' ? 'post' : 'get'),
  },
  input: { ...FIELD, value: text('value') },
  label: {
    form,
    control: (element) => {
      const id = own(element, 'for');
      return id === undefined ? undefined : element.wrap(element.page.find(`#${id}`)[0]);
    },
  },
  legend: { form },
  link: { href, relList: words('rel') },
  map: {
    areas: found('area'),
    images: (element) => {
      const id = own(element, 'id');
      if (id === undefined) return [];
      return element.wrapAll(element.page.find(`img[usemap="#${id}"],object[usemap="#${id}"]`));
    },
  },
  object: { form },
  option: {
    disabled: (element) =>
      own(element, 'disabled') !== undefined || attributeOf(element.closest('optgroup'), 'disabled') !== undefined,
    form: (element) => {
      const around = element.closest('form');
      const id = attributeOf(element.closest('select'), 'form');
      return element.wrap(around ?? (id === undefined ? undefined : element.page.find(`form#${id}`)[0]));
    },
    index: indexIn('select,datalist', 'option', 0),
    label: (element) => own(element, 'label') ?? textOf(element.node),
    text: content,
    value,
  },
  output: { labels, value: content },
  progress: { max: most, value: progress(0), position: progress(-1) },
  script: { text: content },
  select: {
    form,
    length: (element) => element.find('option').length,
    options: found('option'),
    selectedIndex: (element) => element.find('option').indexOf(selected(element)[0] as never),
    selectedOptions: found('option[selected]'),
    value: (element) => valueOrHtml(selected(element)[0]),
  },
  table: {
    caption: child('caption'),
    tHead: child('thead'),
    tFoot: child('tfoot'),
    rows: found('tr'),
    tBodies: found('tbody'),
  },
  tbody: SECTION,
  thead: SECTION,
  tfoot: SECTION,
  tr: {
    cells: found('th,td'),
    rowIndex: indexIn('table', 'tr', -1),
    sectionRowIndex: indexIn('thead,tbody,tfoot', 'tr', -1),
  },
  td: CELL,
  th: CELL,
  title: { text: content },
  video: MEDIA,
};

/** Other methods that elements have in k6. They return attributes, which `attr()` returns, too. */
export const ONLY_K6 =
  `download rel target type accessKey hrefLang referrerPolicy autoplay controls loop muted preload src currentSrc
  crossOrigin defaultMuted mediaGroup href autofocus disabled tabIndex span value cite datetime height width name
  validity action enctype encoding acceptCharset autocomplete noValidate allowfullscreen sizes srcset alt useMap
  isMap accept pattern placeholder min max dirName step required checked readonly multiple defaultChecked
  defaultValue maxLength size list challenge keytype form labels htmlFor hreflang media content httpEquiv high low
  optimum data typeMustMatch reversed start label defaultSelected selected charset async defer noModule keySystem
  sortable readOnly rows cols autocapitalize wrap abbr scope sorted srclang kind default length`.split(/\s+/);

/** Other tags whose elements have such methods. */
export const OTHER_TAGS =
  `base col data del embed iframe img ins keygen li meta meter ol optgroup param pre quote source style textarea time track
  ul`.split(/\s+/);
