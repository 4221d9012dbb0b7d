import { getSetCookies, Headers } from 'undici';
import type { AnyFunction } from '../blocking/carried.ts';
import type { RequestParams } from './request-params.ts';
import { errorCodeOf } from './request-samples.ts';
import { jsonOf } from './response-json.ts';
import type { Reply } from './send.ts';

const NO_BODY = new Set([204, 304]);

/** What a response has for pages. */
export interface ResponseMethods {
  readonly html: AnyFunction;
  readonly submitForm: AnyFunction;
  readonly clickLink: AnyFunction;
}

/** What `http.asyncRequest()` gives: k6's response object (golden record 36). */
export function createResponse(params: RequestParams, reply: Reply, methods: Partial<ResponseMethods>) {
  const { exchange, connection, error, status } = reply;
  const body = bodyOf(params, reply);
  const tls = connection?.tls ?? { version: '', cipher: '' };
  return {
    status,
    status_text: error ? '' : `${status} ${exchange.head.statusText}`.trim(),
    proto: error ? '' : 'HTTP/1.1',
    url: reply.url,
    body,
    headers: { ...exchange.head.joined },
    cookies: cookiesOf(exchange.head.headers['set-cookie']),
    error: error?.message ?? '',
    error_code: errorCodeOf(status, error),
    timings: exchange.timings,
    remote_ip: connection?.remoteAddress ?? '',
    remote_port: connection?.remotePort ?? 0,
    tls_version: tls.version,
    tls_cipher_suite: tls.cipher,
    ocsp: { produced_at: 0, this_update: 0, next_update: 0, revoked_at: 0, revocation_reason: '', status: '' },
    request: {
      method: reply.method,
      url: reply.url,
      headers: reply.sentHeaders,
      body: reply.sent ? Buffer.from(reply.sent).toString() : '',
      cookies:
        params.cookies.length === 0 ? {} : Object.fromEntries(params.cookies.map((cookie) => [cookie.name, [cookie]])),
    },
    json: jsonOf(body),
    html: methods.html,
    submitForm: methods.submitForm,
    clickLink: methods.clickLink,
  };
}

function bodyOf({ responseType }: RequestParams, { method, body, status, error }: Reply): string | ArrayBuffer | null {
  if (responseType === 'none' || NO_BODY.has(status)) return null;
  if (error && body.length === 0) return null;
  if (responseType === 'text' || method === 'HEAD') return body.toString();
  return body.buffer.slice(body.byteOffset, body.byteOffset + body.length) as ArrayBuffer;
}

function cookiesOf(setCookie: string | readonly string[] | undefined): Record<string, object[]> {
  if (setCookie === undefined) return {};
  const headers = new Headers();
  for (const line of [setCookie].flat()) headers.append('set-cookie', line);
  const found: Record<string, object[]> = {};
  for (const cookie of getSetCookies(headers)) {
    const list = found[cookie.name] ?? [];
    found[cookie.name] = list;
    list.push({
      name: cookie.name,
      value: cookie.value,
      domain: cookie.domain ?? '',
      path: cookie.path ?? '',
      http_only: cookie.httpOnly ?? false,
      secure: cookie.secure ?? false,
      max_age: cookie.maxAge ?? 0,
      expires: cookie.expires ? new Date(cookie.expires).getTime() : 0,
    });
  }
  return found;
}
