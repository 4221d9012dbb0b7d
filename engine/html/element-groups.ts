import { unescapePart } from '../net/go-escape.ts';
import { DEFAULT_PORTS, hostnameOf, portOf } from '../net/go-url.ts';
import {
  address,
  content,
  crossOrigin,
  ENCODINGS,
  flag,
  flags,
  form,
  found,
  href,
  labels,
  type Methods,
  oneOf,
  own,
  part,
  referrerPolicy,
  text,
  texts,
  words,
} from './element-readers.ts';
import { resolveHref } from './href.ts';
import { attributeOf } from './node.ts';
import type { NodeView } from './node-view.ts';

const PORTS: Readonly<Record<string, string>> = { ...DEFAULT_PORTS, ftp: '21' };

export const LINK: Methods = {
  ...texts('download rel target type accessKey hrefLang'),
  href,
  toString: href,
  referrerPolicy,
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

export const MEDIA: Methods = {
  ...flags('autoplay controls loop muted'),
  preload: oneOf('preload', 'metadata none', 'auto'),
  src: address('src'),
  currentSrc: text('src'),
  crossOrigin,
  defaultMuted: flag('muted'),
  mediaGroup: text('mediagroup'),
  textTracks: found('track'),
};

/** Returns a field's `form…` attribute, or else the form's own attribute. */
const ofForm = (element: NodeView, name: string): string | undefined =>
  own(element, `form${name}`) ?? attributeOf(element.ownerForm(), name);

export const FIELD: Methods = {
  form,
  labels,
  name: text('name'),
  formAction: (element) => {
    const action = ofForm(element, 'action') ?? '';
    const { url } = element.page;
    if (url === '') return action;
    return action === '' ? url : resolveHref(url, action);
  },
  formEnctype: (element) => {
    const given = ofForm(element, 'enctype') ?? '';
    return ENCODINGS.split(' ').includes(given) ? given : 'application/x-www-form-urlencoded';
  },
  formMethod: (element) => (ofForm(element, 'method')?.toLowerCase() === 'post' ? 'post' : 'get'),
  formNoValidate: (element) => ofForm(element, 'novalidate') !== undefined,
  formTarget: (element) => ofForm(element, 'target') ?? '',
};
