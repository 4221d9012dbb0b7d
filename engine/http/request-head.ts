import { GoError } from '../base/errors.ts';
import type { HttpProxy } from '../net/proxies.ts';
import type { Target } from '../net/target.ts';

/** A valid method or field name: RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** Control characters other than the tab. As in Go, characters beyond Latin-1 are sent as UTF-8. */
const NO_VALUE = /(?![\t\x80-\x9f])\p{Cc}/u;
const BEYOND_LATIN = /[\u0100-\uffff]/;

/** Headers that Go, and so k6, sets itself. A script's values are ignored. */
const OWN = new Set(['Host', 'Content-Length', 'Transfer-Encoding', 'Trailer']);

/** Methods that send `Content-Length: 0` without a body. */
const SAY_EMPTY = new Set(['POST', 'PUT', 'PATCH']);

/** Values by canonical name. */
type Headers = Readonly<Record<string, readonly string[]>>;

/** The inputs of a request head. */
interface Parts {
  readonly method: string;
  readonly target: Target;
  readonly headers: Headers;
  /** Length of the body in bytes. */
  readonly length: number;
  /** Whether the body is present but empty. Go sends it chunked. */
  readonly isEmptyBody: boolean;
  /** If false, the server closes the connection after the request. */
  readonly keepAlive: boolean;
  /** The proxy to send the request to; null for a direct request. */
  readonly proxy: HttpProxy | null;
}

/** The latest head. Most requests have the same one, and a flat string is sent in half the time. */
let latest: { readonly parts: Parts; readonly head: string } | null = null;

/**
 * Formats the head of an HTTP/1.1 request.
 *
 * @throws GoError for an invalid method, header name or value.
 */
export function formatRequestHead(parts: Parts): string {
  if (latest && isSame(latest.parts, parts)) return latest.head;
  const head = format(parts);
  latest = { parts, head };
  return head;
}

const isSame = (a: Parts, b: Parts): boolean =>
  a.target === b.target &&
  a.method === b.method &&
  a.length === b.length &&
  a.isEmptyBody === b.isEmptyBody &&
  a.keepAlive === b.keepAlive &&
  a.proxy === b.proxy &&
  hasAll(a.headers, b.headers) &&
  hasAll(b.headers, a.headers);

/** Whether `some` contains all headers of `wanted`. A script sets at most one value per name. */
function hasAll(some: Headers, wanted: Headers): boolean {
  for (const name in wanted) if (some[name]?.[0] !== wanted[name]?.[0]) return false;
  return true;
}

function format({ method, target: { path, host }, headers, length, isEmptyBody, keepAlive, proxy }: Parts): string {
  if (method !== '' && !TOKEN.test(method)) throw new GoError(`net/http: invalid method ${JSON.stringify(method)}`);
  const name = hostHeader(headers, host);
  const place = proxy ? `http://${name}${path}` : path;
  let head = `${method || 'GET'} ${place} HTTP/1.1\r\nHost: ${name}\r\n`;
  for (const name in headers) {
    for (const value of headers[name] ?? []) head += fieldLine(name, value);
  }
  // After the script's own, as in Go.
  if (proxy?.authorization !== undefined) head += `Proxy-Authorization: ${proxy.authorization}\r\n`;
  const isChunked = isEmptyBody && SAY_EMPTY.has(method);
  if (isChunked) head += 'Transfer-Encoding: chunked\r\n';
  else if (length > 0 || SAY_EMPTY.has(method)) head += `Content-Length: ${length}\r\n`;
  if (!keepAlive) head += 'Connection: close\r\n';
  return isChunked ? `${head}\r\n0\r\n\r\n` : `${head}\r\n`;
}

/** The latest line of each field, up to a limit. Requests rarely differ in them. */
const lines = new Map<string, { readonly value: string; readonly line: string }>();
const MOST_LINES = 1_000;

function fieldLine(name: string, value: string): string {
  const known = lines.get(name);
  if (known?.value === value) return known.line;
  if (!TOKEN.test(name)) throw new GoError(`net/http: invalid header field name ${JSON.stringify(name)}`);
  const line = OWN.has(name) ? '' : `${name}: ${fieldValue(name, value)}\r\n`;
  if (lines.size >= MOST_LINES) lines.clear();
  lines.set(name, { value, line });
  return line;
}

const hostHeader = (headers: Headers, host: string): string => {
  const given = headers.Host?.[0];
  return given ? fieldValue('Host', given) : host;
};

function fieldValue(name: string, value: string): string {
  if (NO_VALUE.test(value)) throw new GoError(`net/http: invalid header field value for ${JSON.stringify(name)}`);
  return BEYOND_LATIN.test(value) ? Buffer.from(value).toString('latin1') : value;
}
