import type { Vu } from '../vu/vu.ts';
import type { Connection } from './connection.ts';
import { debugRequest } from './debug-request.ts';
import { decodeBody } from './decode-body.ts';
import { type Exchange, exchange, type Tap, type WireRequest } from './exchange.ts';
import { canonicalHeaderName } from './header-name.ts';
import { isClosedConnection, type NetworkError } from './network-error.ts';
import { type Hop, nextHop } from './redirect.ts';
import { formatRequestHead } from './request-head.ts';
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
  readonly tap: Tap | undefined;
}

/** Methods that Go, and so k6, sends again where a kept connection turns out to be closed (golden record 64). */
const RESENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Headers with which it does so whatever the method. */
const REPEATABLE = ['Idempotency-Key', 'X-Idempotency-Key'];

/**
 * A timeout is counted from the call, and a duration from the sending: so much later, in milliseconds, a request that
 * timed out on loopback has lasted as long as its timeout, as k6's have (golden record 37).
 */
const TIMEOUT_GRACE = 2;

/**
 * Sends a request for a VU, follows redirects, keeps cookies, and counts each hop.
 *
 * @param done Called once, with an error inside where there is one; never once interrupted.
 * @throws GoError where it can't be sent.
 */
export function send(vu: Vu, request: ScriptRequest, hooks: Hooks, done: (reply: Reply) => void): void {
  const { params } = request;
  const { pace, options } = vu.test;
  const begun = performance.now();
  const deadline = begun + params.timeout + TIMEOUT_GRACE;

  function go(hop: Hop, followed: number): void {
    const headers = headersOf(vu, hop, params);
    const { method, bytes, target } = hop;
    const length = bytes?.length ?? 0;
    const head = formatRequestHead({ method, target, headers, length, keepAlive: !options.noConnectionReuse });
    const pause = pace.wait(options.rps);
    const onward = (now: number) => {
      if (hooks.isOver()) return;
      exchangeOnce(
        vu,
        target.origin,
        { method, bytes, head },
        { begun: now, deadline, isResent: RESENT.has(method) || REPEATABLE.some((name) => name in headers) },
        hooks,
        (connection, result) => {
          if (!hooks.isOver()) take(hop, headers, followed, connection, result);
        },
      );
    };
    if (pause) pause.then(() => onward(performance.now()));
    else onward(followed === 0 ? begun : performance.now());
  }

  function take(
    hop: Hop,
    headers: Reply['sentHeaders'],
    followed: number,
    connection: Connection,
    result: Exchange,
  ): void {
    if (options.httpDebug !== '') debugRequest(vu, hop, headers, result);
    const { body, error } = decoded(result);
    const status = error ? 0 : result.head.status;
    recordRequest(vu, {
      time: result.ended,
      method: hop.method,
      url: hop.target.shown,
      name: request.name,
      tags: params.tags,
      status,
      error,
      timings: result.timings,
      expected: params.isExpected?.(status),
      tlsVersion: connection.tls.version,
      ip: connection.remoteAddress,
    });
    const { headers: answered } = result.head;
    params.jar.store(hop.target.url, answered['set-cookie']);
    const next = error ? null : nextHop(hop, status, answered.location);
    if (next && followed < params.redirects) go(next, followed + 1);
    else {
      const sent = { method: hop.method, url: hop.target.href, sent: hop.bytes, sentHeaders: headers };
      done({ ...sent, exchange: result, body, connection, status, error });
    }
  }

  go(request, 0);
}

function exchangeOnce(
  vu: Vu,
  origin: string,
  wire: WireRequest,
  times: { readonly begun: number; readonly deadline: number; readonly isResent: boolean },
  hooks: Hooks,
  done: (connection: Connection, result: Exchange) => void,
): void {
  const { begun, deadline, isResent } = times;
  const on = (connection: Connection, onEnd: (result: Exchange) => void) => {
    hooks.onConnection(connection);
    const onDone = (result: Exchange) => {
      vu.connections.release(connection, result.ended);
      onEnd(result);
    };
    exchange(connection, wire, begun, deadline, onDone, hooks.tap);
  };
  const first = vu.connections.acquire(origin, begun);
  on(first, (result) => {
    const { error, head, opened } = result;
    const isClosed = error !== null && head.status === 0 && isClosedConnection(error);
    if (opened || !isClosed || !isResent || hooks.isOver()) done(first, result);
    else {
      const second = vu.connections.acquireNew(origin);
      on(second, (again) => done(second, again));
    }
  });
}

/** The headers of one hop, by canonical name. */
function headersOf(vu: Vu, { target, bytes, contentType }: Hop, params: RequestParams): Record<string, string[]> {
  const { userAgent } = vu.test.options;
  const headers: Record<string, string[]> = userAgent === '' ? {} : { 'User-Agent': [userAgent] };
  if (bytes && contentType) headers['Content-Type'] = [contentType];
  for (const name in params.headers) {
    const canonical = canonicalHeaderName(name);
    // The length is known better here, and a wrong one would break the connection.
    if (canonical !== 'Content-Length') headers[canonical] = [params.headers[name] as string];
  }
  const cookies = cookiesFor(target.url, params);
  if (cookies !== '') headers.Cookie = [cookies];
  return headers;
}

function cookiesFor(url: URL, { jar, cookies: own }: RequestParams): string {
  if (own.length === 0 && jar.isEmpty) return '';
  const replaced = new Set(own.filter(({ replace }) => replace).map(({ name }) => name));
  const cookies = [...jar.matching(url).filter(({ name }) => !replaced.has(name)), ...own];
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** An answer whose body can't be decoded is no answer, as in k6. */
function decoded({ body, head, error }: Exchange): { body: Buffer; error: NetworkError | null } {
  const encoding = head.headers['content-encoding'];
  if (encoding === undefined) return { body, error };
  try {
    return { body: decodeBody(body, String(encoding)), error };
  } catch (failure) {
    return { body, error: error ?? { message: `invalid response body: ${(failure as Error).message}`, code: 1701 } };
  }
}
