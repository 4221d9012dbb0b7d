import type { GoError } from '../base/errors.ts';
import { ENGINE_OBJECT } from '../base/export-value.ts';
import type { AnyFunction } from '../blocking/carried.ts';
import { byName, readCookieHeader, readSetCookie } from '../net/cookie-text.ts';
import { NO_PEER } from '../net/peer.ts';
import { InvalidUrl } from '../net/target.ts';
import { NO_TIMINGS } from '../net/timings.ts';
import type { PreparedRequest } from './prepare-request.ts';
import type { Headers } from './request-headers.ts';
import type { RequestParams } from './request-params.ts';
import { errorCodeOf } from './request-samples.ts';
import { jsonOf } from './response-json.ts';
import type { Reply } from './send.ts';

const NO_BODY = new Set([204, 304]);

/** k6's representation of a missing date, in milliseconds since the Unix epoch. */
const GO_ZERO_TIME = -6_795_364_578_871;

/** Response methods that work on HTML pages. */
export interface ResponseMethods {
  readonly html: AnyFunction;
  readonly submitForm: AnyFunction;
  readonly clickLink: AnyFunction;
}

const NO_OCSP = { produced_at: 0, this_update: 0, next_update: 0, revoked_at: 0, revocation_reason: '', status: '' };

/** Of servers that staple no OCSP response. */
const UNKNOWN_OCSP = { ...NO_OCSP, status: 'unknown' };

/** Creates k6's response object (golden record 36). */
export function createResponse(request: PreparedRequest, reply: Reply, methods: Partial<ResponseMethods>) {
  const { exchange, connection, error, status, hop } = reply;
  const body = bodyOf(request.params, reply);
  const { address, port, tls } = connection?.peer ?? NO_PEER;
  const { method, headers, given, target } = request;
  const isSame = hop.target.href === target.href;
  // In k6's order, which scripts show in logs.
  return {
    remote_ip: address,
    remote_port: port,
    // If the request failed before any redirect, use the URL as the script wrote it.
    url: error && isSame ? given.url : hop.target.href,
    status,
    status_text: error ? '' : exchange.head.statusLine,
    proto: error ? '' : exchange.head.proto,
    headers: error ? {} : { ...exchange.head.joined },
    cookies: error ? {} : cookiesOf(exchange.head.headers['set-cookie']),
    body,
    timings: exchange.timings,
    tls_version: error ? '' : tls.version,
    tls_cipher_suite: error ? '' : tls.cipher,
    ocsp: error || tls.version === '' ? NO_OCSP : UNKNOWN_OCSP,
    error: error?.message ?? '',
    error_code: errorCodeOf(status, error),
    request: {
      method,
      url: target.href,
      headers,
      body: given.bytes ? asBuffer(given.bytes).toString() : '',
      cookies: requestCookies(headers.Cookie?.[0]),
    } as SentRequest | null,
    clickLink: methods.clickLink,
    html: methods.html,
    json: jsonOf(body),
    submitForm: methods.submitForm,
    [ENGINE_OBJECT]: true,
  };
}

/** Returns the same bytes, not a copy. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  readonly cookies: Readonly<Record<string, object[]>>;
}

/** Creates the response for a request that could not be built. k6 logs a warning, records nothing and continues. */
export function createRefusal(error: GoError, methods: Partial<ResponseMethods>): ReturnType<typeof createResponse> {
  return {
    remote_ip: '',
    remote_port: 0,
    url: '',
    status: 0,
    status_text: '',
    proto: '',
    headers: {},
    cookies: {},
    // k6 returns Go's empty byte slice.
    body: [] as never,
    timings: NO_TIMINGS,
    tls_version: '',
    tls_cipher_suite: '',
    ocsp: NO_OCSP,
    error: error.message,
    error_code: error instanceof InvalidUrl ? error.errorCode : 0,
    request: null,
    clickLink: methods.clickLink,
    html: methods.html,
    json: jsonOf(''),
    submitForm: methods.submitForm,
    [ENGINE_OBJECT]: true,
  };
}

function requestCookies(header: string | undefined): Record<string, object[]> {
  if (header === undefined) return {};
  return byName(readCookieHeader(header).map((cookie) => [cookie.name, { ...cookie, replace: false }]));
}

function bodyOf({ responseType }: RequestParams, { hop, body, status, error }: Reply): string | ArrayBuffer | null {
  if (body === null || responseType === 'none' || NO_BODY.has(status)) return null;
  if (error && body.length === 0) return null;
  if (responseType === 'text' || hop.method === 'HEAD') return body.toString();
  return body.buffer.slice(body.byteOffset, body.byteOffset + body.length) as ArrayBuffer;
}

function cookiesOf(setCookie: string | readonly string[] | undefined): Record<string, object[]> {
  if (setCookie === undefined) return {};
  const cookies = [setCookie].flat().flatMap((line) => readSetCookie(line) ?? []);
  return byName(
    cookies.map(({ name, value, domain, path, isHttpOnly, isSecure, maxAge, expires = GO_ZERO_TIME }) => [
      name,
      { name, value, domain, path, http_only: isHttpOnly, secure: isSecure, max_age: maxAge, expires },
    ]),
  );
}
