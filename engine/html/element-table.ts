import { FIELD, LINK, MEDIA } from './element-groups.ts';
import {
  address,
  child,
  content,
  crossOrigin,
  enctype,
  fixed,
  flag,
  flags,
  form,
  found,
  href,
  indexIn,
  int,
  ints,
  labels,
  type Methods,
  oneOf,
  own,
  type Reader,
  referrerPolicy,
  selected,
  tabIndex,
  text,
  texts,
  value,
  words,
} from './element-readers.ts';
import { valueOrHtml } from './form-values.ts';
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
    const value = positive(element, 'value');
    return value === undefined ? otherwise : value / most(element);
  };

const CELL: Methods = {
  cellIndex: indexIn('tr', 'th,td', -1),
  ...ints('colSpan rowSpan', 1),
  headers: text('headers'),
};
const SECTION: Methods = { rows: found('tr') };
const CHANGE = texts('cite datetime');
const TYPES =
  `button checkbox color date datetime-local email file hidden image month number password radio range reset search submit
  tel time url week`.split(/\s+/);
const LISTED = 'hidden checkbox radio file button'.split(' ');

/** Additional element methods, by tag. */
export const BY_TAG: Readonly<Record<string, Methods>> = {
  a: LINK,
  area: LINK,
  audio: MEDIA,
  base: { href: address('href', (element) => element.page.url), target: text('target') },
  button: {
    ...FIELD,
    ...texts('accessKey'),
    ...flags('autofocus disabled'),
    tabIndex,
    type: oneOf('type', 'button menu reset', 'submit'),
    value,
  },
  canvas: ints('width height', 150),
  data: { value: text('value') },
  datalist: { options: found('option') },
  del: CHANGE,
  embed: texts('height width src type'),
  fieldset: {
    disabled: flag('disabled'),
    name: text('name'),
    form,
    type: fixed('fieldset'),
    elements: found('input,select,button,textarea'),
    validity: fixed(undefined),
  },
  form: {
    ...texts('name target'),
    action: address('action'),
    enctype,
    encoding: enctype,
    acceptCharset: text('accept-charset'),
    autocomplete: oneOf('autocomplete', 'off', 'on'),
    noValidate: flag('novalidate'),
    elements: found('input,select,button,textarea,fieldset'),
    length: (element) => element.find('input,select,button,textarea,fieldset').length,
    method: oneOf('method', 'post', 'get'),
  },
  iframe: {
    ...texts('height width name'),
    allowfullscreen: flag('allowfullscreen'),
    referrerPolicy,
    src: address('src'),
  },
  img: {
    ...texts('sizes srcset alt name useMap'),
    currentSrc: address('src'),
    src: address('src'),
    crossOrigin,
    ...ints('height width', 0),
    isMap: flag('ismap'),
    referrerPolicy,
  },
  input: {
    ...FIELD,
    ...texts('name value alt height width accept pattern placeholder min max dirName accessKey step'),
    ...flags('disabled autofocus required checked readonly multiple'),
    tabIndex,
    type: (element) => (TYPES.includes(own(element, 'type') ?? '') ? own(element, 'type') : 'text'),
    defaultChecked: flag('checked'),
    defaultValue: text('value'),
    src: address('src'),
    autocomplete: oneOf('autocomplete', 'off', 'on'),
    maxLength: int('maxlength', -1),
    size: int('size', 0),
    list: (element) => {
      const id = own(element, 'list') ?? '';
      if (id === '' || LISTED.includes(own(element, 'type') ?? '')) return undefined;
      return element.wrap(element.page.find(`datalist[id="${id}"]`)[0]);
    },
  },
  ins: CHANGE,
  keygen: {
    ...texts('challenge name'),
    ...flags('autofocus disabled'),
    keytype: oneOf('keytype', 'DSA EC', 'RSA'),
    type: fixed('keygen'),
    form,
    labels,
  },
  label: {
    form,
    htmlFor: text('for'),
    control: (element) => {
      const id = own(element, 'for');
      return id === undefined ? undefined : element.wrap(element.page.find(`#${id}`)[0]);
    },
  },
  legend: { accessKey: text('accesskey'), form },
  li: { value: int('value', 0), type: oneOf('type', '1 a A i I disc square circle', '') },
  link: {
    ...texts('hreflang media rel target type'),
    crossOrigin,
    referrerPolicy,
    href,
    relList: words('rel'),
  },
  map: {
    name: text('name'),
    areas: found('area'),
    images: (element) => {
      const id = own(element, 'id');
      if (id === undefined) return [];
      return element.wrapAll(element.page.find(`img[usemap="#${id}"],object[usemap="#${id}"]`));
    },
  },
  meta: { ...texts('content name'), httpEquiv: oneOf('http-equiv', 'default-style refresh', 'content-type') },
  meter: { ...ints('min max high low optimum', 0), labels },
  object: {
    ...texts('height name type useMap width'),
    data: address('data'),
    tabIndex,
    typeMustMatch: flag('typemustmatch'),
    form,
  },
  ol: { reversed: flag('reversed'), start: int('start', 0), type: oneOf('type', 'a A i I', '1') },
  optgroup: { disabled: flag('disabled'), label: text('label') },
  option: {
    defaultSelected: flag('selected'),
    selected: flag('selected'),
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
  output: {
    htmlFor: text('for'),
    name: text('name'),
    type: fixed('output'),
    form,
    labels,
    value: content,
    defaultValue: content,
  },
  param: texts('name value'),
  pre: texts('name value'),
  progress: { max: most, value: progress(0), position: progress(-1), labels },
  quote: { cite: text('cite') },
  script: {
    ...texts('crossOrigin type charset'),
    ...flags('async defer noModule'),
    src: address('src'),
    text: content,
  },
  select: {
    ...flags('autofocus disabled multiple required'),
    name: text('name'),
    tabIndex,
    form,
    labels,
    length: (element) => element.find('option').length,
    options: found('option'),
    selectedIndex: (element) => element.find('option').indexOf(selected(element)[0] as never),
    selectedOptions: found('option[selected]'),
    size: (element) => (own(element, 'multiple') === undefined ? 1 : 4),
    type: (element) => (own(element, 'multiple') === undefined ? 'select' : 'select-multiple'),
    value: (element) => valueOrHtml(selected(element)[0]),
  },
  source: { ...texts('keySystem media sizes srcset type src') },
  style: { media: text('media'), type: (element) => own(element, 'type') || 'text/css' },
  table: {
    sortable: flag('sortable'),
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
  col: { span: (element) => Math.max(1, int('span', 1)(element) as number) },
  td: CELL,
  th: {
    ...CELL,
    abbr: text('abbr'),
    scope: oneOf('scope', 'row col colgroup rowgroup', ''),
    sorted: flag('sorted'),
  },
  textarea: {
    ...texts('value placeholder accessKey'),
    ...flags('readOnly required'),
    type: fixed('textarea'),
    defaultValue: text('value'),
    ...ints('rows cols maxLength', 0),
    tabIndex,
    autocomplete: oneOf('autocomplete', 'off', 'on'),
    autocapitalize: oneOf('autocapitalize', 'none off characters words', 'sentences'),
    wrap: oneOf('wrap', 'hard off', 'soft'),
    form,
    length: (element) => Buffer.byteLength(own(element, 'value') ?? ''),
    labels,
  },
  time: { datetime: text('datetime') },
  title: { text: content },
  track: {
    ...texts('srclang label'),
    kind: oneOf('kind', 'captions descriptions chapters metadata', 'subtitle'),
    src: address('src'),
    default: flag('default'),
  },
  ul: { type: text('type') },
  video: MEDIA,
};
