import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { GoError } from '../base/errors.ts';
import { goText } from '../base/go-format.ts';
import { byName, readHttpDate, readSetCookie, type SetCookie } from './cookie-text.ts';
import { unescapePart } from './go-escape.ts';
import { type GoUrl, hostnameOf, parseGoUrl } from './go-url.ts';

interface StoredCookie extends Pick<SetCookie, 'name' | 'value' | 'isQuoted' | 'isSecure'> {
  readonly domain: string;
  readonly isHostOnly: boolean;
  readonly path: string;
  /** Milliseconds since the Unix epoch. */
  readonly expires: number;
  readonly created: number;
}

/** Options for a cookie that a script sets. Names are case-insensitive. `max_age` is in seconds. */
type CookieOptions = Readonly<Record<string, unknown>> | null | undefined;

/** A cookie jar that follows RFC 6265 the way Go's, and therefore k6's, does: without a public suffix list. */
export class CookieJar {
  /** Cookies by site, then by domain, path and name. null until the first one, since every iteration has a new jar. */
  #sites: Map<string, Map<string, StoredCookie>> | null = null;
  #count = 0;

  get isEmpty(): boolean {
    return this.#sites === null || this.#sites.size === 0;
  }

  /** Stores the cookies from a response's Set-Cookie headers. */
  store(url: GoUrl, setCookie: string | readonly string[] | undefined): void {
    if (setCookie === undefined) return;
    for (const line of [setCookie].flat()) {
      const cookie = readSetCookie(line);
      if (cookie) this.#put(url, cookie);
    }
  }

  /**
   * Sets one cookie for a URL.
   *
   * @throws GoError if the URL or the expiry date is invalid
   */
  set(url: unknown, name: unknown, value: unknown, options?: CookieOptions): boolean {
    this.#put(toUrl(url), { ...NO_COOKIE, name: goText(name), value: goText(value), ...readOptions(options) });
    return true;
  }

  /** Returns the values of the cookies that a request to the URL would send, by name. */
  cookiesForURL(url: unknown): Record<string, string[]> {
    return byName(this.matching(toUrl(url)).map(({ name, value }) => [name, value]));
  }

  /** Returns the cookies for a URL, sorted by path in descending order (longer ones first), then by age. */
  matching(url: GoUrl): readonly Pick<StoredCookie, 'name' | 'value' | 'isQuoted'>[] {
    const host = hostOf(url);
    const sites = this.#sites;
    const site = host === null ? undefined : sites?.get(siteOf(host));
    if (!sites || !site || host === null) return [];
    const now = Date.now();
    const path = unescapePart(url.path, 'path').toString() || '/';
    for (const [id, { expires }] of site) if (expires <= now) site.delete(id);
    if (site.size === 0) sites.delete(siteOf(host));
    return [...site.values()]
      .filter(
        (cookie) =>
          (cookie.domain === host || (!cookie.isHostOnly && host.endsWith(`.${cookie.domain}`))) &&
          isPathWithin(path, cookie.path) &&
          (!cookie.isSecure || url.scheme === 'https'),
      )
      .sort((a, b) => (a.path === b.path ? a.created - b.created : a.path < b.path ? 1 : -1));
  }

  /** Deletes a cookie whose path is the URL's default path. */
  delete(url: unknown, name: unknown): void {
    if (goText(name) === '') throw new GoError('cookie: is null');
    this.#put(toUrl(url), { ...NO_COOKIE, name: goText(name), maxAge: -1 });
  }

  /** Deletes all of the URL's cookies whose path is its default path. */
  clear(url: unknown): void {
    const at = toUrl(url);
    for (const { name } of this.matching(at)) this.#put(at, { ...NO_COOKIE, name, maxAge: -1 });
  }

  #put(url: GoUrl, cookie: SetCookie): void {
    const host = hostOf(url);
    const domain = host === null ? null : domainFor(host, cookie.domain);
    if (host === null || domain === null) return;
    const path = cookie.path.startsWith('/') ? cookie.path : defaultPath(unescapePart(url.path, 'path').toString());
    const id = [domain, path, cookie.name].join(';');
    this.#sites ??= new Map();
    const site = this.#sites.get(siteOf(host)) ?? new Map<string, StoredCookie>();
    const now = Date.now();
    const expires = cookie.maxAge > 0 ? now + cookie.maxAge * 1_000 : (cookie.expires ?? Number.POSITIVE_INFINITY);
    if (cookie.maxAge < 0 || expires <= now) site.delete(id);
    else {
      this.#count += 1;
      const { name, value, isQuoted, isSecure } = cookie;
      const created = site.get(id)?.created ?? this.#count;
      const isHostOnly = cookie.domain === '' || isIP(host) !== 0;
      site.set(id, { name, value, isQuoted, isSecure, domain, isHostOnly, path, expires, created });
    }
    if (site.size === 0) this.#sites.delete(siteOf(host));
    else this.#sites.set(siteOf(host), site);
  }
}

const NO_COOKIE: SetCookie = {
  name: '',
  value: '',
  isQuoted: false,
  domain: '',
  path: '',
  maxAge: 0,
  expires: undefined,
  isSecure: false,
  isHttpOnly: false,
};

function toUrl(given: unknown): GoUrl {
  try {
    return parseGoUrl(goText(given));
  } catch (error) {
    throw new GoError((error as Error).message);
  }
}

function readOptions(given: CookieOptions): Partial<SetCookie> {
  const options = new Map(Object.entries(given ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const date = options.has('expires') ? String(options.get('expires')) : '';
  const expires = readHttpDate(date, false);
  if (date !== '' && expires === undefined)
    throw new GoError(
      `unable to parse "expires" date string ${JSON.stringify(date)}: it is not like Mon, 02 Jan 2006 15:04:05 GMT`,
    );
  return {
    path: options.has('path') ? String(options.get('path')) : '',
    domain: options.has('domain') ? String(options.get('domain')) : '',
    maxAge: Math.trunc(Number(options.get('max_age') ?? 0)) || 0,
    isSecure: Boolean(options.get('secure')),
    expires,
  };
}

/** Returns the host, or null if the URL can't have cookies. */
function hostOf(url: GoUrl): string | null {
  if (url.scheme !== 'http' && url.scheme !== 'https') return null;
  const host = hostnameOf(url).replace(/\.$/, '').toLowerCase();
  return /^[\x21-\x7e]*$/.test(host) ? host : domainToASCII(host);
}

/** Returns the site within which cookies are shared: the last two labels of a host name. */
const siteOf = (host: string): string => (isIP(host) === 0 ? (/[^.]*\.?[^.]*$/.exec(host)?.[0] ?? host) : host);

/** Returns a cookie's domain, or null if the host isn't allowed to set a cookie for it. */
function domainFor(host: string, given: string): string | null {
  if (given === '') return host;
  if (isIP(host) !== 0) return given === host ? host : null;
  const domain = given.replace(/^\./, '').toLowerCase();
  if (domain === '' || domain.startsWith('.') || domain.endsWith('.')) return null;
  return host === domain || host.endsWith(`.${domain}`) ? domain : null;
}

const isPathWithin = (path: string, base: string): boolean =>
  path === base || (path.startsWith(base) && (base.endsWith('/') || path[base.length] === '/'));

const defaultPath = (path: string): string =>
  path.startsWith('/') ? path.slice(0, Math.max(1, path.lastIndexOf('/'))) : '/';
