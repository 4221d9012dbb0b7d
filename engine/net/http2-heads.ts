import type { IncomingHttpHeaders, IncomingHttpStatusHeader, OutgoingHttpHeaders } from 'node:http2';
import { join, type ResponseHead } from './response-head.ts';

export type Http2Headers = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** Headers that apply to a connection of HTTP/1.1, and `Host`, which HTTP/2 replaces (RFC 9113, section 8.2.2). */
const OF_HTTP1 = new Set(['host', 'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** The most recent head. Most requests have the same one. */
let latest: { readonly head: string; readonly fields: OutgoingHttpHeaders } = { head: '', fields: {} };

/**
 * Converts the head of a request from HTTP/1.1 to the fields of HTTP/2.
 *
 * @param head The request line and headers, including the final empty line.
 */
export function fieldsOf(head: string): OutgoingHttpHeaders {
  if (head === latest.head) return latest.fields;
  const [line = '', ...lines] = head.slice(0, head.indexOf('\r\n\r\n')).split('\r\n');
  const [method, path] = line.split(' ');
  const fields: OutgoingHttpHeaders = { ':method': method, ':path': path, ':scheme': 'https' };
  for (const field of lines) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 2);
    if (name === 'host') fields[':authority'] = value;
    else if (!OF_HTTP1.has(name)) fields[name] = value;
  }
  latest = { head, fields };
  return fields;
}

/** Go's names of statuses, if Node has another one. */
const STATUS_TEXTS: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  414: 'Request URI Too Long',
  416: 'Requested Range Not Satisfiable',
  418: "I'm a teapot",
};

/** Converts a response head of HTTP/2, which has no status text. */
export function headOf({ ':status': status = 0, ...headers }: Http2Headers): ResponseHead {
  const { STATUS_CODES } = process.getBuiltinModule('node:http');
  const statusText = STATUS_TEXTS[status] ?? STATUS_CODES[status] ?? '';
  return {
    proto: 'HTTP/2.0',
    status,
    statusText,
    statusLine: `${status} ${statusText}`.trim(),
    headers,
    joined: join(headers),
    framing: 0,
    keepsAlive: true,
  };
}
