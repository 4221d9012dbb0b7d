import { GoError } from '../base/errors.ts';
import type { HttpProxy } from '../net/proxies.ts';
import type { Target } from '../net/target.ts';

/** What a method and a field name are made of: RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** No control character but the tab; beyond Latin-1 a value is sent as UTF-8, as Go does. */
const NO_VALUE = /(?![\t\x80-\x9f])\p{Cc}/u;
const BEYOND_LATIN = /[\u0100-\uffff]/;

/** What Go writes by itself, and so k6: what scripts say of them is left out. */
const OWN = new Set(['Host', 'Content-Length', 'Transfer-Encoding', 'Trailer']);

/** Methods that say so when they have no body. */
const SAY_EMPTY = new Set(['POST', 'PUT', 'PATCH']);

/** By canonical name. */
type Headers = Readonly<Record<string, readonly string[]>>;

/** What a head depends on. */
interface Parts {
  readonly method: string;
  readonly target: Target;
  readonly headers: Headers;
  /** Of the body, in bytes. */
  readonly length: number;
  /** Whether there is a body without a byte: Go sends that by chunks. */
  readonly isEmptyBody: boolean;
  /** false has the server end the connection after it. */
  readonly keepAlive: boolean;
  /** The proxy that is asked for it; null where the host is. */
  readonly proxy: HttpProxy | null;
}

/** The head that was made last: most requests differ in nothing, and a text in one piece is sent in half the time. */
let latest: { readonly parts: Parts; readonly head: string } | null = null;

/**
 * The head of a request, as HTTP/1.1 has it.
 *
 * @throws GoError for what can't be sent: a method, a name or a value that is none.
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

/** A script gives each name one value at most. */
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
  // After one of the script's own, as Go does.
  if (proxy?.authorization !== undefined) head += `Proxy-Authorization: ${proxy.authorization}\r\n`;
  const isChunked = isEmptyBody && SAY_EMPTY.has(method);
  if (isChunked) head += 'Transfer-Encoding: chunked\r\n';
  else if (length > 0 || SAY_EMPTY.has(method)) head += `Content-Length: ${length}\r\n`;
  if (!keepAlive) head += 'Connection: close\r\n';
  return isChunked ? `${head}\r\n0\r\n\r\n` : `${head}\r\n`;
}

/** The last line of each field, and no more than so many: requests hardly differ in them. */
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
