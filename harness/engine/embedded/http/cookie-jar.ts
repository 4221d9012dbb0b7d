import { getSetCookies, Headers } from 'undici';

interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly expires: number;
}

/** What a script may say of a cookie that it sets. */
export interface CookieOptions {
  readonly domain?: string;
  readonly path?: string;
  readonly secure?: boolean;
  /** Seconds. */
  readonly max_age?: number;
  readonly expires?: string;
}

/** Cookies and where they are to be sent (RFC 6265, sections 5.1 to 5.4, without a public suffix list). */
export class CookieJar {
  #cookies: StoredCookie[] = [];

  get isEmpty(): boolean {
    return this.#cookies.length === 0;
  }

  /** Takes in the Set-Cookie headers of an answer. */
  store(url: URL, setCookie: string | readonly string[] | undefined): void {
    if (setCookie === undefined) return;
    const headers = new Headers();
    for (const line of [setCookie].flat()) headers.append('set-cookie', line);
    for (const cookie of getSetCookies(headers)) {
      this.#put(url, cookie.name, cookie.value, {
        ...(cookie.domain && { domain: cookie.domain }),
        ...(cookie.path && { path: cookie.path }),
        ...(cookie.maxAge !== undefined && cookie.maxAge !== null && { max_age: cookie.maxAge }),
        ...(cookie.expires && { expires: new Date(cookie.expires).toUTCString() }),
        secure: cookie.secure === true,
      });
    }
  }

  /** Sets one cookie for a URL. */
  set(url: string, name: string, value: unknown, options: CookieOptions = {}): void {
    this.#put(new URL(url), name, String(value), options);
  }

  /** Values by name of the cookies that a request to the URL carries. */
  cookiesForURL(url: string): Record<string, string[]> {
    const found: Record<string, string[]> = {};
    for (const { name, value } of this.matching(new URL(url))) {
      found[name] = [...(found[name] ?? []), value];
    }
    return found;
  }

  matching(url: URL): { name: string; value: string }[] {
    if (this.isEmpty) return [];
    const now = Date.now();
    return this.#cookies.filter(
      (cookie) =>
        cookie.expires > now &&
        (cookie.hostOnly ? url.hostname === cookie.domain : isWithin(url.hostname, cookie.domain)) &&
        isPathWithin(url.pathname, cookie.path) &&
        (!cookie.secure || url.protocol === 'https:'),
    );
  }

  delete(url: string, name: string): void {
    const gone = new Set(this.matching(new URL(url)).filter((cookie) => cookie.name === name));
    this.#cookies = this.#cookies.filter((cookie) => !gone.has(cookie));
  }

  clear(url: string): void {
    const gone = new Set(this.matching(new URL(url)));
    this.#cookies = this.#cookies.filter((cookie) => !gone.has(cookie));
  }

  #put(url: URL, name: string, value: string, options: CookieOptions): void {
    const given = options.domain?.replace(/^\./, '').toLowerCase();
    if (given && !isWithin(url.hostname, given)) return;
    const cookie: StoredCookie = {
      name,
      value,
      domain: given ?? url.hostname,
      hostOnly: given === undefined,
      path: options.path?.startsWith('/') ? options.path : defaultPath(url.pathname),
      secure: options.secure ?? false,
      expires: expiryOf(options),
    };
    const isSame = (other: StoredCookie) =>
      other.name === name && other.domain === cookie.domain && other.path === cookie.path;
    this.#cookies = [...this.#cookies.filter((other) => !isSame(other)), cookie];
  }
}

const isWithin = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

const isPathWithin = (path: string, base: string): boolean =>
  path === base || (path.startsWith(base) && (base.endsWith('/') || path[base.length] === '/'));

const defaultPath = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

function expiryOf({ max_age, expires }: CookieOptions): number {
  if (max_age !== undefined) return Date.now() + max_age * 1_000;
  const parsed = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(parsed) ? Number.POSITIVE_INFINITY : parsed;
}
