import { parseDuration } from '../base/duration.ts';
import { GoError } from '../base/errors.ts';
import { goTypeOf } from '../base/go-type.ts';
import { type Tags, toTags } from '../metrics/tags.ts';
import { CookieJar } from '../net/cookie-jar.ts';
import { type StatusTest, toStatusTest } from '../net/expected-statuses.ts';
import { notAvailable } from '../vu/not-available.ts';
import type { Vu } from '../vu/vu.ts';
import { type Compression, readCompressions } from './compress-body.ts';

type ResponseType = 'text' | 'binary' | 'none';

/** A cookie for a single request. If `replace` is true, it overrides the jar's cookie with the same name. */
export interface RequestCookie {
  readonly name: string;
  readonly value: string;
  readonly replace: boolean;
}

/** A request's parsed params, which are its third or fourth argument. */
export interface RequestParams {
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Tags;
  /** Timeout in milliseconds. */
  readonly timeout: number;
  /** Maximum number of redirects, or null to use k6's default. */
  readonly redirects: number | null;
  readonly cookies: readonly RequestCookie[];
  readonly jar: CookieJar;
  readonly responseType: ResponseType;
  /** Whether a status counts as expected. Use null to disable the test. */
  readonly isExpected: StatusTest | null;
  /** Whether a request without a response throws instead of returning a response with status 0. */
  readonly throws: boolean;
  /** `digest`, or anything else for `basic`, which requires a user in the URL. */
  readonly auth: string;
  readonly compressions: readonly Compression[];
}

/** k6's default timeout of 60 s. */
const DEFAULT_TIMEOUT = 60_000;

const NONE: Readonly<Record<string, never>> = {};
const NO_COOKIES: RequestCookie[] = [];

const NO_COMPRESSIONS: Compression[] = [];

/**
 * Parses a request's params.
 *
 * @param vu Its options and settings apply to params that are not set.
 * @param responseType The default of the param.
 * @throws GoError for an invalid value, or EngineError for a value that the engine does not support
 */
export function readParams(
  given: unknown,
  vu: Vu,
  responseType: ResponseType = vu.test.options.discardResponseBodies ? 'none' : 'text',
): RequestParams {
  // As in k6, passing a string or number as params has no effect, and a param that is present but undefined counts as
  // set.
  const params = Object(given ?? NONE) as Record<string, unknown>;
  const { maxRedirects, throw: throws } = vu.test.options;
  return {
    headers: texts(params.headers),
    tags: toTags(params.tags, 'invalid HTTP request metric tags: '),
    timeout: 'timeout' in params ? readTimeout(params.timeout) : DEFAULT_TIMEOUT,
    redirects: !('redirects' in params) ? maxRedirects : Math.trunc(Number(params.redirects)) || 0,
    cookies: readCookies(params.cookies),
    jar: params.jar instanceof CookieJar ? params.jar : vu.jar,
    responseType: 'responseType' in params ? readResponseType(params.responseType) : responseType,
    isExpected: readCallback(params, vu.isExpectedStatus),
    throws: !('throw' in params) ? throws : Boolean(params.throw),
    auth: readAuth(params.auth),
    compressions: 'compression' in params ? readCompressions(params.compression) : NO_COMPRESSIONS,
  };
}

/** @throws EngineError NOT_AVAILABLE for `ntlm`. The server would respond with 401. */
function readAuth(given: unknown): string {
  if (given === 'ntlm') notAvailable("the request parameter auth: 'ntlm'");
  return given === 'digest' ? given : '';
}

function texts(given: unknown): Readonly<Record<string, string>> {
  if (given === undefined || given === null) return NONE;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}

/** Parses the `cookies` param. Attribute names are case-insensitive, and null cookies are omitted. */
const readCookies = (given: unknown): RequestCookie[] => {
  if (given === undefined || given === null) return NO_COOKIES;
  return Object.entries(given as Record<string, unknown>).flatMap(([name, cookie]) => {
    if (cookie === null || cookie === undefined) return [];
    if (typeof cookie !== 'object' || Array.isArray(cookie)) return [{ name, value: String(cookie), replace: false }];
    const attributes = new Map(Object.entries(cookie).map(([key, value]) => [key.toLowerCase(), value]));
    const value = attributes.has('value') ? String(attributes.get('value')) : '';
    return [{ name, value, replace: Boolean(attributes.get('replace')) }];
  });
};

function readTimeout(given: unknown): number {
  // As in k6, such a number is over at once.
  if (typeof given === 'number' && !Number.isFinite(given)) return 0;
  if (typeof given !== 'number' && typeof given !== 'string')
    throw new GoError(`invalid timeout value: unable to use type ${goTypeOf(given)} as a duration value`);
  try {
    return parseDuration(given);
  } catch {
    throw new GoError(`invalid timeout value: time: invalid duration ${JSON.stringify(given)}`);
  }
}

function readCallback(params: Readonly<Record<string, unknown>>, fallback: StatusTest | null): StatusTest | null {
  if (!('responseCallback' in params)) return fallback;
  try {
    return toStatusTest(params.responseCallback ?? null);
  } catch {
    throw new GoError('unsupported responseCallback');
  }
}

function readResponseType(given: unknown): ResponseType {
  if (given === 'text' || given === 'binary' || given === 'none') return given;
  throw new GoError(`${String(given)} does not belong to ResponseType values`);
}
