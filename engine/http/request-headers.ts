import type { CookieJar } from '../net/cookie-jar.ts';
import { cookiePair } from '../net/cookie-text.ts';
import { formatGoUrl, type GoUrl, hostnameOf } from '../net/go-url.ts';
import { canonicalHeaderName } from '../net/header-name.ts';
import type { Target } from '../net/target.ts';
import type { Vu } from '../vu/vu.ts';
import type { RequestCookie, RequestParams } from './request-params.ts';

/** Header values by canonical name. */
export type Headers = Readonly<Record<string, readonly string[]>>;

/** Returns the headers of a script's first request, except `Authorization` for credentials in the URL. */
export function firstHeaders(
  vu: Vu,
  { target, contentType, encoding }: { target: Target; contentType: string | undefined; encoding: string },
  params: RequestParams,
): Headers {
  const { userAgent } = vu.test.options;
  const headers: Record<string, readonly string[]> = { 'User-Agent': [userAgent] };
  if (contentType) headers['Content-Type'] = [contentType];
  for (const name in params.headers) headers[canonicalHeaderName(name)] = [params.headers[name] as string];
  // As in Go, an empty value means no such header.
  if (headers['User-Agent']?.[0] === '') delete headers['User-Agent'];
  // The length is computed later. A wrong value would break the connection.
  if ('Content-Length' in headers) delete headers['Content-Length'];
  if (encoding !== '' && !headers['Content-Encoding']?.[0]) headers['Content-Encoding'] = [encoding];
  const cookies = cookiesFor(target.url, params.jar, params.cookies, headers.Cookie?.[0]);
  if (cookies !== '') headers.Cookie = [cookies];
  return headers;
}

const SENSITIVE = ['Authorization', 'Www-Authenticate', 'Cookie2', 'Proxy-Authorization', 'Proxy-Authenticate'];

/**
 * Returns the headers for the request that follows a redirect. They differ from the first request's headers in cookies,
 * the referrer, and headers that must not be sent to another host.
 *
 * @param isElsewhere Whether any redirect so far led to another host: see {@link leadsElsewhere}.
 * @param keepsHost Whether the Location header has no host, so that the script's own Host header is kept.
 */
export function redirectHeaders(
  first: Headers,
  from: GoUrl,
  to: Target,
  params: RequestParams,
  { isElsewhere, keepsHost }: { isElsewhere: boolean; keepsHost: boolean },
): Headers {
  const headers: Record<string, readonly string[]> = { ...first };
  if (isElsewhere) for (const name of SENSITIVE) delete headers[name];
  if (!keepsHost) delete headers.Host;
  delete headers.Cookie;
  const cookies = cookiesFor(to.url, params.jar, params.cookies, undefined);
  if (cookies !== '') headers.Cookie = [cookies];
  const isLessSafe = from.scheme === 'https' && to.url.scheme === 'http';
  if (!headers.Referer?.[0] && !isLessSafe) headers.Referer = [formatGoUrl({ ...from, user: null })];
  return headers;
}

/** Whether a host must not get the first one's credentials: it is neither that host nor a subdomain. */
export function leadsElsewhere(first: GoUrl, to: GoUrl): boolean {
  if (first.host === to.host) return false;
  const [parent, host] = [hostnameOf(first), hostnameOf(to)];
  return host !== parent && (/[:%]/.test(host) || !host.endsWith(`.${parent}`));
}

function cookiesFor(url: GoUrl, jar: CookieJar, own: readonly RequestCookie[], given: string | undefined): string {
  if (own.length === 0 && jar.isEmpty) return given ?? '';
  const replaced = new Set(own.filter(({ replace }) => replace).map(({ name }) => name));
  const pairs = [...own, ...jar.matching(url).filter(({ name }) => !replaced.has(name))];
  // Go stores the quotes of cookie values separately and restores them where a value needs them.
  return [...(given ? [given] : []), ...pairs.map(({ name, value }) => cookiePair(name, value))].join('; ');
}
