import { callable } from '../base/callable.ts';
import { GoError } from '../base/errors.ts';
import { goFormat } from '../base/go-format.ts';
import { goTypeOf } from '../base/go-type.ts';
import { type Steps, type Wait, waitForPromise } from '../blocking/carried.ts';
import { file } from '../http/file-part.ts';
import { type PreparedRequest, prepareRequest } from '../http/prepare-request.ts';
import { readParams } from '../http/request-params.ts';
import { createRefusal } from '../http/response.ts';
import { startBatch } from '../http/start-batch.ts';
import { type Response, startRequest } from '../http/start-request.ts';
import { toNamedUrl, urlTemplate } from '../http/url-template.ts';
import { CookieJar } from '../net/cookie-jar.ts';
import { expectedStatuses, toStatusTest } from '../net/expected-statuses.ts';
import { readTarget } from '../net/target.ts';
import { inOneStep, inSteps } from '../vu/in-steps.ts';
import type { Vu } from '../vu/vu.ts';
import { responseMethods } from './response-methods.ts';
import { type Send, waitFor } from './wait-for.ts';

/** k6/http's constants for TLS versions and OCSP statuses. */
const CONSTANTS = {
  TLS_1_0: 'tls1.0',
  TLS_1_1: 'tls1.1',
  TLS_1_2: 'tls1.2',
  TLS_1_3: 'tls1.3',
  ...constants('OCSP_STATUS_', 'good revoked server_failed unknown'),
  ...constants(
    'OCSP_REASON_',
    `unspecified key_compromise ca_compromise affiliation_changed superseded cessation_of_operation certificate_hold
    remove_from_crl privilege_withdrawn aa_compromise`,
  ),
};

function constants(prefix: string, values: string): Record<string, string> {
  return Object.fromEntries(values.split(/\s+/).map((value) => [prefix + value.toUpperCase(), value]));
}

/** Implements `k6/http`. */
export function createHttpModule(vu: Vu): object {
  const assertRunning = () => {
    if (vu.phase === 'init') throw new GoError('Making http requests in the init context is not supported');
  };

  /** @throws GoError for an invalid request. */
  const prepare = (method: unknown, url: unknown, body: unknown, params: unknown): PreparedRequest => {
    assertRunning();
    const named = toNamedUrl(url);
    const target = readTarget(named.url);
    const read = readParams(params, vu);
    return prepareRequest(vu, { method: String(method ?? ''), url: named, target, body, params: read });
  };

  /** Handles a request that can't be built. Returns a response with status 0 unless the options ask to throw. */
  const refuse = (error: unknown, warning: string): Response => {
    if (!(error instanceof GoError) || vu.phase === 'init' || vu.test.options.throw) throw error;
    vu.test.logger.log('warning', warning, { error: error.message });
    return createRefusal(error, methods);
  };

  const send: Send = (waiter, method, url, body, params) => {
    try {
      startRequest(vu, prepare(method, url, body, params), methods, waiter);
    } catch (error) {
      vu.loop.inNextTurn(() => {
        try {
          waiter.onValue(refuse(error, 'Request Failed'));
        } catch (thrown) {
          waiter.onError(thrown);
        }
      });
    }
  };
  const methods = responseMethods(vu, send);

  /** Sends a request for code that does not use `await`. The VU waits until it has finished. */
  function request(method: unknown, url: unknown, body?: unknown, params?: unknown): Wait {
    assertRunning();
    return waitFor(send, method, url, body, params);
  }
  function* batch(...given: unknown[]): Steps {
    if (vu.phase === 'init') throw new GoError('Using batch in the init context is not supported');
    const requests = readBatch(given);
    const { batch: all, batchPerHost: perHost } = vu.test.options;
    const give = (results: ReadonlyMap<string, Response | null>) =>
      Array.isArray(given[0]) ? [...results.values()] : Object.fromEntries(results);
    const prepared = new Map<string, PreparedRequest>();
    for (const { key, read } of requests) {
      try {
        const [method, url, body, params] = read();
        prepared.set(key, prepare(method, url, body, params));
      } catch (error) {
        yield vu.loop.nextTurn;
        const refused = refuse(error, 'A batch request failed');
        // Entries before the invalid request are empty, and entries after it are missing.
        const others = (other: string) => (prepared.has(other) ? createRefusal(new GoError(''), methods) : null);
        return give(new Map(requests.map((entry) => [entry.key, entry.key === key ? refused : others(entry.key)])));
      }
    }
    const entries = Array.from(prepared, ([key, request]) => ({
      key,
      host: request.target.url.host,
      start: () =>
        new Promise<Response>((onValue, onError) => {
          startRequest(vu, request, methods, { onValue, onError });
        }),
    }));
    // Nothing is sent, so the other VUs would not get their turn otherwise.
    if (entries.length === 0) yield vu.loop.nextTurn;
    const limits = { all: all || Number.POSITIVE_INFINITY, perHost: perHost || Number.POSITIVE_INFINITY };
    return give((yield waitForPromise(() => startBatch(vu, entries, limits))) as Map<string, Response>);
  }
  const getter = (method: string) =>
    inOneStep(vu, (url: unknown, ...args: unknown[]) => {
      if (args.length > 1 && vu.phase !== 'init')
        vu.test.logger.log(
          'warning',
          `http.${method.toLowerCase()} only accepts a url and a params argument (2 arguments), but ${args.length + 1} were given`,
        );
      return request(method, url, undefined, args[0]);
    });
  const withBody = (method: string) =>
    inOneStep(vu, (url: unknown, body?: unknown, params?: unknown) => request(method, url, body, params));

  return {
    get: getter('GET'),
    head: getter('HEAD'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    del: withBody('DELETE'),
    options: withBody('OPTIONS'),
    request: inOneStep(vu, request),
    batch: inSteps(vu, batch),
    asyncRequest: (method: unknown, url: unknown, body?: unknown, params?: unknown) =>
      new Promise<Response>((onValue, onError) => {
        send({ onValue, onError }, method, url, body, params);
      }),
    expectedStatuses,
    setResponseCallback: (...args: unknown[]) => {
      vu.isExpectedStatus = toStatusTest(args.length === 0 ? null : args[0]);
    },
    url: urlTemplate,
    cookieJar: () => {
      if (vu.phase === 'init') throw new GoError('Making cookie jars in the init context is not supported');
      return vu.jar;
    },
    CookieJar: callable(CookieJar),
    file,
    ...CONSTANTS,
  };
}

type RequestArguments = readonly [method: unknown, url: unknown, body?: unknown, params?: unknown];

interface BatchRequest {
  readonly key: string;
  /** @throws GoError if the entry is not a request. */
  readonly read: () => RequestArguments;
}

/**
 * Reads the argument of `http.batch()`: an array or object whose entries are URLs, arrays `[method, url, body,
 * params]`, or objects with these fields (golden record 54).
 *
 * @throws GoError for any other argument
 */
function readBatch(args: readonly unknown[]): BatchRequest[] {
  const [requests] = args;
  if (args.length === 0) throw new GoError('no argument was provided to http.batch()');
  if (args.length > 1) throw new GoError('http.batch() accepts only an array or an object of requests');
  if (requests === null || typeof requests !== 'object')
    throw new GoError(`invalid http.batch() argument type ${goTypeOf(requests)}`);
  return Object.entries(requests).map(([key, entry]) => ({ key, read: () => readEntry(key, entry) }));
}

function readEntry(key: string, entry: unknown): RequestArguments {
  if (Array.isArray(entry)) {
    const [method, url, body, params] = entry as unknown[];
    if (entry.length < 2) throw new GoError(`invalid batch request '${goFormat(entry)}'`);
    return [textMethod(method), url, body, params];
  }
  // A result of `http.url` is a URL.
  if (entry === null || typeof entry !== 'object' || Object.getPrototypeOf(entry) !== Object.prototype) {
    return ['GET', entry];
  }
  const { method = 'GET', url, body, params } = entry as Record<string, unknown>;
  if (!('url' in entry)) throw new GoError(`batch request ${key} doesn't have a url key`);
  const upper = textMethod(method).toUpperCase();
  return [upper, url, upper === 'GET' || upper === 'HEAD' ? undefined : body, params];
}

function textMethod(method: unknown): string {
  if (typeof method === 'string') return method;
  throw new GoError(`invalid method type '${goFormat(method)}'`);
}
