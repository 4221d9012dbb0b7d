import { type Tags, toTags } from '../metrics/tags.ts';
import { parseDuration } from '../options/duration.ts';
import type { CookieJar } from './cookie-jar.ts';
import { type StatusTest, toStatusTest } from './expected-statuses.ts';

type ResponseType = 'text' | 'binary' | 'none';

/** A cookie for one request. `replace` takes the place of the jar's of that name. */
interface RequestCookie {
  readonly name: string;
  readonly value: string;
  readonly replace: boolean;
}

/** The third or fourth argument of a request, read. */
export interface RequestParams {
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Tags;
  /** Milliseconds. */
  readonly timeout: number;
  /** How many redirects are followed. */
  readonly redirects: number;
  readonly cookies: readonly RequestCookie[];
  readonly jar: CookieJar;
  readonly responseType: ResponseType;
  /** null where nobody judges the status. */
  readonly isExpected: StatusTest | null;
  /** Whether a request without an answer rejects, instead of giving a response with status 0. */
  readonly throws: boolean;
}

/** k6's default: 60 s. */
const DEFAULT_TIMEOUT = 60_000;

const NONE: Readonly<Record<string, never>> = {};
const NO_COOKIES: RequestCookie[] = [];

const REFUSED = ['auth', 'compression'];

/**
 * Reads a request's parameters.
 *
 * @param defaults What holds where a parameter is not given.
 * @throws TypeError for a value that does not fit, and for a parameter that this engine does not have.
 */
export function readParams(
  given: unknown,
  defaults: Pick<RequestParams, 'redirects' | 'jar' | 'responseType' | 'isExpected' | 'throws'>,
): RequestParams {
  if (given === undefined || given === null) {
    // Name by name: to spread `defaults` takes longer than all else here.
    const { redirects, jar, responseType, isExpected, throws } = defaults;
    const timeout = DEFAULT_TIMEOUT;
    return {
      headers: NONE,
      tags: NONE,
      timeout,
      redirects,
      cookies: NO_COOKIES,
      jar,
      responseType,
      isExpected,
      throws,
    };
  }
  const params = given as Record<string, unknown>;
  for (const name of REFUSED) {
    if (params[name]) throw new TypeError(`the request parameter '${name}' is not available in the embedded engine`);
  }
  return {
    headers: texts(params.headers),
    tags: toTags(params.tags),
    timeout: params.timeout === undefined ? DEFAULT_TIMEOUT : parseDuration(params.timeout as string | number),
    redirects: typeof params.redirects === 'number' ? params.redirects : defaults.redirects,
    cookies: readCookies(params.cookies),
    jar: (params.jar as CookieJar | null | undefined) ?? defaults.jar,
    responseType: readResponseType(params.responseType) ?? defaults.responseType,
    isExpected: 'responseCallback' in params ? toStatusTest(params.responseCallback) : defaults.isExpected,
    throws: typeof params.throw === 'boolean' ? params.throw : defaults.throws,
  };
}

const texts = (given: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, String(value)]));

const readCookies = (given: unknown): RequestCookie[] =>
  Object.entries((given ?? {}) as Record<string, unknown>).map(([name, cookie]) =>
    cookie !== null && typeof cookie === 'object' && 'value' in cookie
      ? { name, value: String(cookie.value), replace: 'replace' in cookie && cookie.replace === true }
      : { name, value: String(cookie), replace: false },
  );

function readResponseType(given: unknown): ResponseType | undefined {
  if (given === undefined || given === null) return undefined;
  if (given === 'text' || given === 'binary' || given === 'none') return given;
  throw new TypeError(`invalid responseType ${JSON.stringify(given)}: expected text, binary or none`);
}
