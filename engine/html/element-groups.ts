import {
  address,
  content,
  crossOrigin,
  DEFAULT_PORTS,
  ENCODINGS,
  flag,
  flags,
  form,
  found,
  hostOf,
  href,
  labels,
  type Methods,
  oneOf,
  own,
  part,
  portOf,
  referrerPolicy,
  text,
  texts,
  words,
} from './element-readers.ts';
import { decode, resolveHref } from './href.ts';
import { attributeOf } from './node.ts';
import type { NodeView } from './node-view.ts';

export const LINK: Methods = {
  ...texts('download rel target type accessKey hrefLang'),
  href,
  toString: href,
  referrerPolicy,
  relList: words('rel'),
  text: content,
  hash: part(({ fragment }) => (fragment ? `#${decode(fragment)}` : '')),
  host: part(({ scheme, host }) =>
    portOf(host) !== '' && portOf(host) === DEFAULT_PORTS[scheme] ? hostOf(host) : host,
  ),
  hostname: part(({ host }) => hostOf(host)),
  port: part(({ host }) => portOf(host)),
  username: part(({ user }) => user ?? ''),
  password: part(({ password }) => password ?? ''),
  origin: part(({ scheme, host }) => (scheme === '' ? '' : `${scheme}://${host}`)),
  // Go resolves a relative path against the root if the page has no URL.
  pathname: part(({ path }) => (/^[^/]/.test(path) ? `/${decode(path)}` : decode(path))),
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
