import { escapedAsGiven, escapePart, unescapePart } from './go-escape.ts';

/** A URL as parsed by Go, which keeps its spelling, including dot segments and a default port. */
export interface GoUrl {
  /** The scheme in lower case, or an empty string. */
  readonly scheme: string;
  readonly user: { readonly name: string; readonly password: string | undefined } | null;
  /** The host, including the port. */
  readonly host: string;
  /** The escaped path. */
  readonly path: string;
  /** The query without `?`, or undefined if there is none. */
  readonly query: string | undefined;
  /** The escaped fragment, or an empty string. */
  readonly fragment: string;
  /** Whether `//` precedes the host, even if the host is empty. */
  readonly hasAuthority: boolean;
  /** Everything after a scheme that is not followed by a slash, as in `mailto:`. */
  readonly opaque: string;
}

/**
 * Parses a URL.
 *
 * @throws Error with Go's message, such as `parse "http://[::1/": missing ']' in host`
 */
export function parseGoUrl(text: string): GoUrl {
  const [, beforeFragment = '', fragment = ''] = /^([^#]*)#?(.*)$/s.exec(text) ?? [];
  const url = orRefuse(beforeFragment, () => parse(beforeFragment));
  return orRefuse(text, () => ({ ...url, fragment: escapedAsGiven(fragment, 'fragment') }));
}

function orRefuse(text: string, read: () => GoUrl): GoUrl {
  try {
    return read();
  } catch (error) {
    throw new Error(`parse ${JSON.stringify(text)}: ${(error as Error).message}`);
  }
}

function parse(text: string): GoUrl {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: valid URLs don't contain them.
  if (/[\0-\x1f\x7f]/.test(text)) throw new Error('net/url: invalid control character in URL');
  if (text.startsWith(':')) throw new Error('missing protocol scheme');
  const [, scheme = '', afterScheme = ''] = /^(?:([a-z][a-z\d+\-.]*):)?(.*)$/is.exec(text) ?? [];
  const [, hierarchy = '', question, query = ''] = /^([^?]*)(\?)?(.*)$/s.exec(afterScheme) ?? [];
  const common = { scheme: scheme.toLowerCase(), query: question === undefined ? undefined : query, fragment: '' };
  if (!hierarchy.startsWith('/')) {
    if (scheme !== '') return { ...common, user: null, host: '', hasAuthority: false, path: '', opaque: hierarchy };
    if (/^[^/]*:/.test(hierarchy)) throw new Error('first path segment in URL cannot contain colon');
  }
  const hasAuthority = hierarchy.startsWith('//') && (scheme !== '' || !hierarchy.startsWith('///'));
  const [, authority = '', path = ''] = (hasAuthority ? /^\/\/([^/]*)(.*)$/s : /^()(.*)$/s).exec(hierarchy) ?? [];
  return { ...common, ...parseAuthority(authority), hasAuthority, path: escapedAsGiven(path, 'path'), opaque: '' };
}

function parseAuthority(authority: string): Pick<GoUrl, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1));
  if (at < 0) return { user: null, host };
  const given = authority.slice(0, at);
  if (!/^[\w\-.~!$&'()*+,;=:%@]*$/.test(given)) throw new Error('net/url: invalid userinfo');
  const [, name = '', colon, password = ''] = /^([^:]*)(:)?(.*)$/s.exec(given) ?? [];
  const plain = (part: string) => unescapePart(part, 'user').toString();
  return { user: { name: plain(name), password: colon === undefined ? undefined : plain(password) }, host };
}

function parseHost(host: string): string {
  const isLiteral = host.startsWith('[');
  const end = host.lastIndexOf(']');
  if (isLiteral && end < 0) throw new Error("missing ']' in host");
  const port = isLiteral ? host.slice(end + 1) : (/:[^:]*$/.exec(host)?.[0] ?? '');
  if (!/^(:\d*)?$/.test(port)) throw new Error(`invalid port ${JSON.stringify(port)} after host`);
  return unescapePart(host, 'host').toString();
}

/** How to write the credentials: unchanged, with user and password as asterisks, or with only the password hidden. */
export type Credentials = 'shown' | 'masked' | 'redacted';

/**
 * Formats a URL.
 *
 * @param credentials k6 uses `masked` in tags, and Go uses `redacted` in errors.
 */
export function formatGoUrl(url: GoUrl, credentials: Credentials = 'shown'): string {
  const { scheme, host, path, query, fragment, opaque } = url;
  let text = scheme === '' ? '' : `${scheme}:`;
  if (opaque !== '') text += opaque;
  else {
    if (host !== '' || url.user || (scheme !== '' && url.hasAuthority && path !== '')) text += '//';
    text += userinfo(url, credentials) + escapePart(host, 'host');
    if (path !== '' && !path.startsWith('/') && host !== '') text += '/';
    if (text === '' && /^[^/]*:/.test(path)) text += './';
    text += path;
  }
  if (query !== undefined) text += `?${query}`;
  return fragment === '' ? text : `${text}#${fragment}`;
}

function userinfo({ user }: GoUrl, credentials: Credentials): string {
  if (!user) return '';
  const { name, password } = user;
  if (credentials === 'masked') return password === undefined ? '****@' : '****:****@';
  if (password === undefined) return `${escapePart(name, 'user')}@`;
  if (credentials === 'redacted') return `${name}:***@`;
  return `${escapePart(name, 'user')}:${escapePart(password, 'user')}@`;
}

/** Returns the request target for the request line. */
export function requestUri({ scheme, path, query, opaque }: GoUrl): string {
  const place = opaque === '' ? path || '/' : opaque.startsWith('//') ? `${scheme}:${opaque}` : opaque;
  return query === undefined ? place : `${place}?${query}`;
}

/** The default ports by scheme. */
export const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** Returns the value of a header for basic authentication, or undefined if the URL has no user. */
export const basicAuthorization = ({ user }: GoUrl): string | undefined =>
  user ? `Basic ${Buffer.from(`${user.name}:${user.password ?? ''}`).toString('base64')}` : undefined;

/** Puts brackets around an IPv6 address. Other hosts stay the same. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Removes the brackets around an IPv6 address. */
export const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/s, '$1');

/** Returns a host without its port and without the brackets of an IPv6 address. */
export const hostnameOf = ({ host }: GoUrl): string => withoutBrackets(host.replace(/:\d*$/, ''));

/** Returns the port in the URL, or an empty string if there is none. */
export const portOf = ({ host }: GoUrl): string => /:(\d*)$/.exec(host)?.[1] ?? '';
