import { startTimer } from '../base/exact-timer.ts';
import type { Tags } from '../metrics/tags.ts';
import type { Connection } from '../net/connection.ts';
import { decodeAnswer } from '../net/decode-body.ts';
import { type Exchange, type ExchangeOwner, exchange, type Tap } from '../net/exchange.ts';
import type { GoUrl } from '../net/go-url.ts';
import { isClosedConnection, type NetworkError, TIMEOUT } from '../net/network-error.ts';
import { toTarget } from '../net/target.ts';
import { assertNoProxy } from '../vu/not-available.ts';
import type { Vu } from '../vu/vu.ts';
import { answerChallenge } from './digest.ts';
import type { Hop, ScriptRequest } from './hop.ts';
import { type Redirect, readRedirect } from './redirect.ts';
import { headOrRefusal, notSent } from './refuse-request.ts';
import { leadsElsewhere, redirectHeaders } from './request-headers.ts';
import { recordRequest } from './request-samples.ts';

/** The final response to a request, after redirects. */
export interface Reply {
  /** The last request that was sent. */
  readonly hop: Hop;
  readonly exchange: Exchange;
  readonly body: Buffer | null;
  /** The connection, or null if none was opened. */
  readonly connection: Connection | null;
  /** The status code, or 0 if the request failed. */
  readonly status: number;
  readonly error: NetworkError | null;
}

/** Connects a request to the code that may interrupt it. */
export interface Hooks {
  /** Receives each connection in use so that it can be closed. */
  onConnection(connection: Connection): void;
  /** Whether the request was interrupted. If so, nothing more is sent or recorded. */
  isOver(): boolean;
  readonly tap: Tap | undefined;
}

/** Methods that Go, and therefore k6, retries if the server has closed a keep-alive connection (golden record 64). */
const RESENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Headers that allow a retry with any method. */
const REPEATABLE = ['Idempotency-Key', 'X-Idempotency-Key'];

/**
 * Grace period for timeouts, in milliseconds. The timeout starts with the call, but the measured duration starts when
 * the request is sent. The grace period makes the duration of a timed-out request on loopback match its timeout, as in
 * k6 (golden record 37).
 */
const TIMEOUT_GRACE = 2;

/** k6's limit if neither the options nor the request set one. */
const DEFAULT_REDIRECTS = 10;

/**
 * Sends a request for a VU, follows redirects, stores cookies, and records each hop.
 *
 * @param done Called at most once, and never before this function returns. It is not called after an interruption. A
 * failure is reported in the reply.
 */
export function send(vu: Vu, request: ScriptRequest, hooks: Hooks, done: (reply: Reply) => void): void {
  new Sending(vu, request, hooks, done).go(request);
}

class Sending implements ExchangeOwner {
  readonly #vu: Vu;
  readonly #request: ScriptRequest;
  readonly #hooks: Hooks;
  readonly #done: (reply: Reply) => void;
  readonly #begun = performance.now();
  readonly #deadline: number;
  /** As in k6, changes of the VU's tags and metadata don't affect requests that have already begun. */
  readonly #tags: Tags;
  readonly #metadata: Tags | undefined;
  #followed = 0;
  /** Whether a redirect has led to another host. */
  #isElsewhere = false;
  /** Whether a 401 is expected, as in k6, because this is the first response with digest authentication. */
  #expectsChallenge: boolean;
  #hop!: Hop;
  #user: GoUrl | null = null;
  #head = '';
  /** When the current hop began. */
  #hopBegun = 0;
  #connection: Connection | null = null;
  /** How often the current hop was repeated. */
  #tries = 0;

  constructor(vu: Vu, request: ScriptRequest, hooks: Hooks, done: (reply: Reply) => void) {
    this.#vu = vu;
    this.#request = request;
    this.#hooks = hooks;
    this.#done = done;
    this.#tags = vu.tags.current;
    this.#metadata = vu.tags.metadata;
    this.#deadline = this.#begun + request.params.timeout + TIMEOUT_GRACE;
    this.#expectsChallenge = request.params.auth === 'digest';
  }

  /**
   * Sends one request of the chain.
   *
   * @param user The URL whose credentials answer a digest challenge, or null if there are none or they have been used.
   */
  go(requested: Hop, user = this.#request.params.auth === 'digest' ? requested.target.url : null): void {
    const { pace, options } = this.#vu.test;
    const hop = authorized(requested, this.#request.params.auth === 'digest');
    const { method, target, headers, bytes } = hop;
    const length = bytes?.length ?? 0;
    this.#hop = hop;
    this.#user = user;
    assertNoProxy(target.url, this.#vu);
    const head = headOrRefusal({
      method,
      target,
      headers,
      length,
      isEmptyBody: bytes !== null && length === 0,
      keepAlive: !options.noConnectionReuse,
    });
    // As in k6, a timeout that is not positive is over at once.
    const begin = this.#request.params.timeout > 0 ? head : TIMEOUT;
    const pause = pace.wait(options.rps);
    if (pause) pause.then(() => this.#start(begin, performance.now()));
    else this.#start(begin, this.#followed === 0 && user === null ? this.#begun : performance.now());
  }

  #start(head: string | NetworkError, begun: number): void {
    if (this.#hooks.isOver()) return;
    this.#hopBegun = begun;
    this.#tries = 0;
    if (typeof head === 'string') {
      this.#head = head;
      this.#attempt(this.#vu.connections.acquire(this.#hop.target.origin, begun));
    } else {
      this.#connection = null;
      this.#fail(notSent(head));
    }
  }

  /** Takes a failure later, but not in a microtask: timers and other VUs must have their turn. */
  #fail(result: Exchange): void {
    setImmediate(() => {
      if (!this.#hooks.isOver()) this.#take(result);
    });
  }

  #attempt(connection: Connection): void {
    this.#connection = connection;
    this.#hooks.onConnection(connection);
    const { method, bytes } = this.#hop;
    const { maxBodySize } = this.#vu.test.options;
    const wire = { method: method || 'GET', bytes, head: this.#head };
    exchange(connection, wire, this.#hopBegun, this.#deadline, this, this.#hooks.tap, maxBodySize);
  }

  onExchange(result: Exchange): void {
    const connection = this.#connection as Connection;
    const { error, head, opened, ended } = result;
    this.#vu.connections.release(connection, ended);
    if (this.#hooks.isOver()) return;
    if (error === null) {
      this.#take(result);
      return;
    }
    const wait = backoff(this.#tries);
    const isRefused = error.isRefused === true && this.#tries < MOST_REFUSALS && ended + wait < this.#deadline;
    const isClosed = head.status === 0 && isClosedConnection(error) && !connection.isStream;
    if (isClosed && !opened && this.#tries === 0 && isResent(this.#hop)) {
      this.#tries = 1;
      this.#attempt(this.#vu.connections.acquireNew(this.#hop.target.origin));
    } else if (isRefused) startTimer(wait, () => this.#tryAgain());
    else this.#fail(result);
  }

  #tryAgain(): void {
    if (this.#hooks.isOver()) return;
    this.#tries += 1;
    this.#attempt(this.#vu.connections.acquire(this.#hop.target.origin, performance.now()));
  }

  #take(result: Exchange): void {
    const hop = this.#hop;
    const user = this.#user;
    const connection = this.#connection;
    if (this.#vu.test.options.httpDebug !== '') debugRequest(this.#vu, hop, result);
    const { params } = this.#request;
    const { status: answered, headers } = result.head;
    const { body, error: failure } = decodeAnswer(result, this.#vu.test.options.maxBodySize);
    const next = failure ? null : readRedirect(hop, answered, headers.location);
    const error = failure ?? (next && 'code' in next ? next : null);
    const status = error ? 0 : answered;
    this.#record(hop, status, error, connection, result);
    if (user && status === 401) {
      const digest = answerChallenge(String(headers['www-authenticate'] ?? ''), hop.method, user, String(body ?? ''));
      this.go({ ...hop, headers: { ...hop.headers, Authorization: [digest] } }, null);
      return;
    }
    if (!error) params.jar.store(hop.target.url, headers['set-cookie']);
    if (next && 'target' in next && this.#mayFollow()) this.#follow(hop, next);
    else this.#done({ hop, exchange: result, body, connection, status, error });
  }

  #mayFollow(): boolean {
    const { redirects } = this.#request.params;
    if (this.#followed < (redirects ?? DEFAULT_REDIRECTS)) return true;
    if (redirects === null)
      this.#vu.test.logger.log(
        'warning',
        `Stopped after ${this.#followed + 1} redirects and returned the redirection; pass { redirects: n } in request params or set global maxRedirects to silence this`,
      );
    return false;
  }

  #follow(from: Hop, { method, target, keepsBody, isAbsolute }: Redirect): void {
    const { params, headers: first, target: begin } = this.#request;
    this.#followed += 1;
    this.#isElsewhere ||= leadsElsewhere(begin.url, target.url);
    const how = { isElsewhere: this.#isElsewhere, keepsHost: !isAbsolute };
    const headers = redirectHeaders(first, from.target.url, target, params, how);
    this.go({ method, target, headers, bytes: keepsBody ? from.bytes : null });
  }

  #record(hop: Hop, status: number, error: NetworkError | null, connection: Connection | null, result: Exchange): void {
    const { name, params } = this.#request;
    const isExpected = this.#expectsChallenge && params.isExpected ? (code: number) => code === 401 : params.isExpected;
    this.#expectsChallenge = false;
    recordRequest(this.#vu, {
      time: result.ended,
      method: hop.method,
      url: hop.target.shown,
      name: this.#vu.test.options.systemTags.has('name') ? name : '',
      tags: params.tags,
      vuTags: this.#tags,
      metadata: this.#metadata,
      status,
      error,
      timings: result.timings,
      expected: isExpected?.(status),
      proto: status > 0 ? result.head.proto : '',
      tlsVersion: status > 0 ? (connection?.peer.tls.version ?? '') : '',
      ip: connection?.peer.address ?? '',
    });
  }
}

/** Adds the URL's credentials unless the script sets its own. For digest, the URL loses its user. */
function authorized(hop: Hop, isDigest: boolean): Hop {
  const { authorization } = hop.target;
  if (authorization === undefined) return hop;
  const headers = hop.headers.Authorization?.[0] ? hop.headers : { ...hop.headers, Authorization: [authorization] };
  return { ...hop, headers, target: isDigest ? toTarget({ ...hop.target.url, user: null }) : hop.target };
}

/** Whether a request may be sent again if the server has closed the connection. */
const isResent = ({ method, headers }: Hop): boolean =>
  RESENT.has(method || 'GET') || REPEATABLE.some((name) => name in headers);

/** How often Go, and therefore k6, repeats a request that a server of HTTP/2 refuses. */
const MOST_REFUSALS = 7;

/** Milliseconds until a refused request is repeated: none at first, and then 1, 2, 4 … seconds. */
const backoff = (tries: number): number => (tries === 0 ? 0 : 1_000 * 2 ** (tries - 1));

/** Implements the `httpDebug` option: logs each request and response, including bodies in `full` mode. */
function debugRequest(vu: Vu, { method, target, headers, bytes }: Hop, answer: Exchange): void {
  const mode = vu.test.options.httpDebug;
  const body = (content: Uint8Array | null) => (mode === 'full' && content ? Buffer.from(content).toString() : '');
  const lines = (all: [string, unknown][]) =>
    all.map(([name, value]) => `${name}: ${[value].flat().join(', ')}`).join('\n');
  const log = (text: string) => vu.test.logger.log('info', text);
  log(
    `Request:\n${method} ${target.path} HTTP/1.1\nHost: ${target.host}\n${lines(Object.entries(headers))}\n\n${body(bytes)}`,
  );
  if (answer.error) return;
  log(
    `Response:\n${answer.head.proto} ${answer.head.status} ${answer.head.statusText}\n${lines(Object.entries(answer.head.headers))}\n\n${body(answer.body)}`,
  );
}
