import { GoError } from '../base/errors.ts';
import { TOKEN } from '../net/header-name.ts';
import type { Target } from '../net/target.ts';
import type { Headers } from './request-headers.ts';

/** Control characters except tab. As in Go, characters outside Latin-1 are sent as UTF-8. */
const NO_VALUE = /(?![\t\x80-\x9f])\p{Cc}/u;
const BEYOND_LATIN = /[\u0100-\uffff]/;

/** Headers that Go, and therefore k6, sets itself. Values from scripts are ignored. */
const OWN = new Set(['Host', 'Content-Length', 'Transfer-Encoding', 'Trailer']);

/** Methods for which a request without a body sends `Content-Length: 0`. */
const SAY_EMPTY = new Set(['POST', 'PUT', 'PATCH']);

/** The parts of a request head. */
interface Parts {
  readonly method: string;
  readonly target: Target;
  readonly headers: Headers;
  /** Body length in bytes. */
  readonly length: number;
  /** Whether the body is present but empty. Go sends such a body chunked. */
  readonly isEmptyBody: boolean;
  /** If false, the server is asked to close the connection after the response. */
  readonly keepAlive: boolean;
}

/** The most recently used head. Most requests have the same head, and a flat string takes half the time to send. */
let latest: { readonly parts: Parts; readonly head: string } | null = null;

/**
 * Formats an HTTP/1.1 request head.
 *
 * @throws GoError for an invalid method, header name or header value
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
  hasAll(a.headers, b.headers) &&
  hasAll(b.headers, a.headers);

/** Whether `some` contains all headers of `wanted`. A script sets at most one value per name. */
function hasAll(some: Headers, wanted: Headers): boolean {
  for (const name in wanted) if (some[name]?.[0] !== wanted[name]?.[0]) return false;
  return true;
}

function format({ method, target: { path, host }, headers, length, isEmptyBody, keepAlive }: Parts): string {
  if (method !== '' && !TOKEN.test(method)) throw new GoError(`net/http: invalid method ${JSON.stringify(method)}`);
  const name = hostHeader(headers, host);
  let head = `${method || 'GET'} ${path} HTTP/1.1\r\nHost: ${name}\r\n`;
  for (const name in headers) {
    for (const value of headers[name] ?? []) head += fieldLine(name, value);
  }
  const isChunked = isEmptyBody && SAY_EMPTY.has(method);
  if (isChunked) head += 'Transfer-Encoding: chunked\r\n';
  else if (length > 0 || SAY_EMPTY.has(method)) head += `Content-Length: ${length}\r\n`;
  if (!keepAlive) head += 'Connection: close\r\n';
  return isChunked ? `${head}\r\n0\r\n\r\n` : `${head}\r\n`;
}

/** The most recent line for each header field, up to a limit. Most requests have the same header values. */
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
