import { type Steps, type Wait, type Waiter, waitForPromise } from '../blocking/carried.ts';
import { GoError } from '../errors.ts';
import { CookieJar } from '../http/cookie-jar.ts';
import { expectedStatuses, toStatusTest } from '../http/expected-statuses.ts';
import { file } from '../http/file-part.ts';
import { readBody } from '../http/request-body.ts';
import { readParams } from '../http/request-params.ts';
import { startBatch } from '../http/start-batch.ts';
import { type Response, startRequest } from '../http/start-request.ts';
import { toNamedUrl, urlTemplate } from '../http/url-template.ts';
import type { Vu } from '../vu/vu.ts';
import { readBatch } from './batch-entries.ts';
import { inOneStep, inSteps } from './in-steps.ts';
import type { ModuleExports } from './module-table.ts';
import { responseMethods } from './response-methods.ts';
import { type Send, waitFor } from './wait-for.ts';

/** Constants of k6/http: TLS versions and OCSP statuses under k6's names. */
const CONSTANTS = {
  TLS_1_0: 'tls1.0',
  TLS_1_1: 'tls1.1',
  TLS_1_2: 'tls1.2',
  TLS_1_3: 'tls1.3',
  OCSP_STATUS_GOOD: 'good',
  OCSP_STATUS_REVOKED: 'revoked',
  OCSP_STATUS_SERVER_FAILED: 'server_failed',
  OCSP_STATUS_UNKNOWN: 'unknown',
  OCSP_REASON_UNSPECIFIED: 'unspecified',
  OCSP_REASON_KEY_COMPROMISE: 'key_compromise',
  OCSP_REASON_CA_COMPROMISE: 'ca_compromise',
  OCSP_REASON_AFFILIATION_CHANGED: 'affiliation_changed',
  OCSP_REASON_SUPERSEDED: 'superseded',
  OCSP_REASON_CESSATION_OF_OPERATION: 'cessation_of_operation',
  OCSP_REASON_CERTIFICATE_HOLD: 'certificate_hold',
  OCSP_REASON_REMOVE_FROM_CRL: 'remove_from_crl',
  OCSP_REASON_PRIVILEGE_WITHDRAWN: 'privilege_withdrawn',
  OCSP_REASON_AA_COMPROMISE: 'aa_compromise',
};

/** `k6/http`. */
export function createHttpModule(vu: Vu): ModuleExports {
  const assertRunning = () => {
    if (vu.phase === 'init') throw new GoError('Making http requests in the init context is not supported');
  };

  const send: Send = (waiter, method, url, body, params) => {
    try {
      assertRunning();
      const { bytes, contentType } = readBody(body);
      const named = toNamedUrl(url);
      const read = readParams(params, {
        redirects: vu.test.options.maxRedirects,
        jar: vu.jar,
        responseType: vu.test.options.discardResponseBodies ? 'none' : 'text',
        isExpected: vu.isExpectedStatus,
        throws: vu.test.options.throw,
      });
      const request = { method: String(method).toUpperCase(), bytes, contentType, name: named.name, params: read };
      startRequest(vu, named.url, request, methods, waiter);
    } catch (error) {
      queueMicrotask(() => waiter.onError(error));
    }
  };
  const methods = responseMethods(vu, send);

  /** What a request that nobody awaits gives, the VU waiting meanwhile. */
  function request(method: unknown, url: unknown, body?: unknown, params?: unknown): Wait {
    assertRunning();
    return waitFor(send, method, url, body, params);
  }
  function* batch(requests: unknown): Steps {
    assertRunning();
    const { batch: all, batchPerHost: perHost } = vu.test.options;
    const entries = readBatch(requests).map(({ key, args }) => ({
      key,
      host: hostOf(args[1]),
      start: () =>
        new Promise<Response>((onValue, onError) => {
          send({ onValue, onError }, ...args);
        }),
    }));
    const limits = { all: all || Number.POSITIVE_INFINITY, perHost: perHost || Number.POSITIVE_INFINITY };
    const results = (yield waitForPromise(() => startBatch(vu, entries, limits))) as Map<string, Response>;
    return Array.isArray(requests) ? [...results.values()] : Object.fromEntries(results);
  }
  const bodyless = (method: string) =>
    inOneStep(vu, (url: unknown, params?: unknown) => request(method, url, undefined, params));
  const withBody = (method: string) =>
    inOneStep(vu, (url: unknown, body?: unknown, params?: unknown) => request(method, url, body, params));

  const named = {
    get: bodyless('GET'),
    head: bodyless('HEAD'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    del: withBody('DELETE'),
    options: withBody('OPTIONS'),
    request: inOneStep(vu, request),
    batch: inSteps(vu, batch),
    asyncRequest: (method: unknown, url: unknown, body?: unknown, params?: unknown) =>
      new Promise((resolve, reject) => {
        // What arrives while the VU waits for something else is not seen before that is over.
        const waiter: Waiter<Response> = {
          onValue: (response) => vu.jobs.whenFree(() => resolve(response)),
          onError: (error) => vu.jobs.whenFree(() => reject(error)),
        };
        send(waiter, method, url, body, params);
      }),
    expectedStatuses,
    setResponseCallback: (callback: unknown) => {
      vu.isExpectedStatus = toStatusTest(callback);
    },
    url: urlTemplate,
    cookieJar: () => vu.jar,
    CookieJar,
    file,
    ...CONSTANTS,
  };
  return { ...named, default: named };
}

const hostOf = (url: unknown): string => {
  const text = toNamedUrl(url).url;
  return URL.canParse(text) ? new URL(text).host : text;
};
