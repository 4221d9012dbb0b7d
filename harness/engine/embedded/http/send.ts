import type { Vu } from '../vu/vu.ts';
import type { Connection } from './connection.ts';
import { debugRequest } from './debug-request.ts';
import { decodeBody } from './decode-body.ts';
import { type Exchange, exchange } from './exchange.ts';
import { canonicalHeaderName } from './header-name.ts';
import { isClosedConnection, type NetworkError } from './network-error.ts';
import { type Hop, nextHop } from './redirect.ts';
import type { RequestParams } from './request-params.ts';
import { recordRequest } from './request-samples.ts';

/** A request as a script asked for it. */
export interface ScriptRequest extends Hop {
  readonly name: string;
  readonly params: RequestParams;
}

/** The last answer of a request, after redirects. */
export interface Reply {
  readonly method: string;
  readonly url: string;
  readonly sent: Uint8Array | null;
  readonly sentHeaders: Readonly<Record<string, readonly string[]>>;
  readonly exchange: Exchange;
  readonly body: Buffer;
  /** null where none was opened. */
  readonly connection: Connection | null;
  /** 0 with an error. */
  readonly status: number;
  readonly error: NetworkError | null;
}

/** How a request and whoever may interrupt it work together. */
export interface Hooks {
  /** Told each connection that is in use, so that it can be ended. */
  onConnection(connection: Connection): void;
  /** Whether it has been interrupted: nothing is sent or counted any more then. */
  isOver(): boolean;
}

/** Methods that Go, and so k6, sends again where a kept connection turns out to be closed (golden record 64). */
const RESENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * A timeout is counted from the call, and a duration from the sending: so much later, in milliseconds, a request that
 * timed out on loopback has lasted as long as its timeout, as k6's have (golden record 37).
 */
const TIMEOUT_GRACE = 2;

/**
 * Sends a request for a VU, follows redirects, keeps cookies, and counts each hop.
 *
 * @returns Settles with an error inside, and does not reject for one; never settles once interrupted.
 */
export async function send(vu: Vu, request: ScriptRequest, hooks: Hooks): Promise<Reply> {
  const { params } = request;
  const deadline = performance.now() + params.timeout + TIMEOUT_GRACE;
  let hop: Hop = request;
  for (let followed = 0; ; followed += 1) {
    const headers = headersOf(vu, hop, params);
    const pause = vu.test.pace.wait(vu.test.options.rps);
    if (pause) await pause;
    if (hooks.isOver()) return new Promise(() => {});
    const { connection, result } = await exchangeOnce(vu, hop, headers, deadline, hooks);
    if (hooks.isOver()) return new Promise(() => {});
    debugRequest(vu, hop, headers, result);
    const { body, error } = decoded(result);
    const status = error ? 0 : result.status;
    recordRequest(vu, {
      method: hop.method,
      url: withoutCredentials(hop.url),
      name: request.name,
      tags: params.tags,
      status,
      error,
      timings: result.timings,
      expected: params.isExpected?.(status),
      tlsVersion: connection.tls.version,
      ip: connection.remoteAddress,
    });
    params.jar.store(hop.url, result.headers['set-cookie']);
    const next = error ? null : nextHop(hop, result.status, result.headers.location);
    if (!next || followed >= params.redirects) {
      const sent = { method: hop.method, url: hop.url.href, sent: hop.bytes, sentHeaders: headers };
      return { ...sent, exchange: result, body, connection, status, error };
    }
    hop = next;
  }
}

async function exchangeOnce(
  vu: Vu,
  hop: Hop,
  headers: Readonly<Record<string, readonly string[]>>,
  deadline: number,
  hooks: Hooks,
): Promise<{ connection: Connection; result: Exchange }> {
  const begun = performance.now();
  const wire = {
    ...hop,
    headers: Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value])),
  };
  const on = async (connection: Connection) => {
    hooks.onConnection(connection);
    const result = await exchange(connection, wire, begun, deadline);
    vu.connections.release(connection);
    return { connection, result };
  };
  const tried = await on(vu.connections.acquire(hop.url.origin));
  const { error, status, opened } = tried.result;
  const mayResend = !opened && error !== null && status === 0 && isClosedConnection(error) && RESENT.has(hop.method);
  return mayResend && !hooks.isOver() ? on(vu.connections.acquireNew(hop.url.origin)) : tried;
}

/** The headers of one hop, by canonical name. */
function headersOf(vu: Vu, { url, bytes, contentType }: Hop, params: RequestParams): Record<string, string[]> {
  const headers: Record<string, string[]> = { 'User-Agent': [vu.test.options.userAgent] };
  if (bytes && contentType) headers['Content-Type'] = [contentType];
  for (const [name, value] of Object.entries(params.headers)) headers[canonicalHeaderName(name)] = [value];
  // The length is known better here, and a wrong one would break the connection.
  delete headers['Content-Length'];
  const replaced = new Set(params.cookies.filter(({ replace }) => replace).map(({ name }) => name));
  const cookies = [...params.jar.matching(url).filter(({ name }) => !replaced.has(name)), ...params.cookies];
  if (cookies.length > 0) headers.Cookie = [cookies.map(({ name, value }) => `${name}=${value}`).join('; ')];
  return headers;
}

/** An answer whose body can't be decoded is no answer, as in k6. */
function decoded(result: Exchange): { body: Buffer; error: NetworkError | null } {
  try {
    return { body: decodeBody(result.body, String(result.headers['content-encoding'] ?? '')), error: result.error };
  } catch (error) {
    return {
      body: result.body,
      error: result.error ?? { message: `invalid response body: ${(error as Error).message}`, code: 1701 },
    };
  }
}

function withoutCredentials(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  return clean.href;
}
