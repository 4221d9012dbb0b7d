import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/** Headers that a script doesn't set, or that the engines are known to set differently. */
const NOT_COMPARED = /^(:|user-agent$|connection$|sec-websocket-(key|extensions)$)/;

/** A longer body is recorded by its hash. */
const LONGEST_BODY = 2_000;

/** Returns a request as one line: method, version, address, headers in alphabetical order, and body. */
export function recordedRequest(request: IncomingMessage | Http2ServerRequest, body: Buffer): string {
  const { ':authority': authority, host, ...headers } = request.headers;
  const shown = Object.entries(headers)
    .filter(([name]) => !NOT_COMPARED.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${String(value)}`);
  const line = `${request.method} HTTP/${request.httpVersion} ${authority ?? host}${request.url}`;
  const head = `${line} {${shown.join(', ')}}`;
  // The boundary of a multipart body is random.
  const boundary = /boundary="?([^\s";,]+)/.exec(String(headers['content-type']))?.[1];
  if (boundary === undefined) return `${head} ${textOf(body)}`;
  const named = Buffer.from(body.toString('latin1').replaceAll(boundary, 'BOUNDARY'), 'latin1');
  return `${head.replaceAll(boundary, 'BOUNDARY')} ${textOf(named)}`;
}

function textOf(body: Buffer): string {
  const text = body.toString('utf8');
  if (body.length <= LONGEST_BODY && Buffer.from(text).equals(body)) return text;
  return `${body.length} bytes ${createHash('sha256').update(body).digest('hex').slice(0, 16)}`;
}
