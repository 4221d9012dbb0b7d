import { domainToASCII } from 'node:url';
import { GoError } from '../base/errors.ts';
import {
  basicAuthorization,
  bracketed,
  DEFAULT_PORTS,
  formatGoUrl,
  type GoUrl,
  hostnameOf,
  parseGoUrl,
  portOf,
  requestUri,
} from './go-url.ts';
import type { NetworkError } from './network-error.ts';

/** A parsed request URL. */
export interface Target {
  readonly url: GoUrl;
  /** The URL as Go writes it. */
  readonly href: string;
  /** The URL for samples, in which asterisks replace the user and password. */
  readonly shown: string;
  /** The scheme, host and port to connect to. */
  readonly origin: string;
  /** The value of the Host header. */
  readonly host: string;
  /** The path including the query. */
  readonly path: string;
  /** The Authorization header for the credentials in the URL. */
  readonly authorization: string | undefined;
  /** Why no request can be sent to this URL. */
  readonly refusal: NetworkError | undefined;
}

/** Cache of parsed URLs, since most scripts request the same few URLs repeatedly. */
const known = new Map<string, Target>();
const MOST = 1_000;

/** The most recent URL. Comparing two strings is faster than looking up a newly built string in a map. */
let latest: { readonly href: string; readonly target: Target } | null = null;

/**
 * Parses a URL.
 *
 * @throws InvalidUrl if the URL is invalid
 */
export function readTarget(href: string): Target {
  if (href === latest?.href) return latest.target;
  let target = known.get(href);
  if (!target) {
    target = toTarget(parse(href));
    if (known.size >= MOST) known.clear();
    known.set(href, target);
  }
  latest = { href, target };
  return target;
}

/** Thrown for an invalid URL. No request is sent, and nothing is counted. */
export class InvalidUrl extends GoError {
  readonly errorCode = 1020;

  constructor(reason: string) {
    super(`invalid URL: ${reason}`);
  }
}

function parse(href: string): GoUrl {
  try {
    return parseGoUrl(href);
  } catch (error) {
    throw new InvalidUrl((error as Error).message);
  }
}

export function toTarget(url: GoUrl): Target {
  const hostname = hostnameOf(url);
  const name = bracketed(isAscii(hostname) ? hostname : domainToASCII(hostname));
  const port = portOf(url);
  const isDefault = port === '' || port === DEFAULT_PORTS[url.scheme];
  const origin = `${url.scheme}://${name}${isDefault ? '' : `:${port}`}`;
  const uri = requestUri(url);
  return {
    url,
    href: formatGoUrl(url),
    shown: formatGoUrl(url, 'masked'),
    origin,
    host: name + (/:\d*$/.exec(url.host)?.[0] ?? ''),
    // Request heads are written as Latin-1, one byte per character.
    path: isAscii(uri) ? uri : Buffer.from(uri).toString('latin1'),
    authorization: basicAuthorization(url),
    refusal: refusalOf(url, origin),
  };
}

function refusalOf(url: GoUrl, origin: string): NetworkError | undefined {
  const { scheme, host } = url;
  if (scheme !== 'http' && scheme !== 'https')
    return { message: `unsupported protocol scheme ${JSON.stringify(scheme)}`, code: 1000 };
  if (host === '') return { message: 'http: no Host in request URL', code: 1000 };
  const port = portOf(url);
  if (Number(port) > 65_535) return { message: `dial tcp: address ${port}: invalid port`, code: 1210 };
  if (URL.canParse(origin)) return undefined;
  return { message: 'lookup: no such host', code: 1101, cause: `lookup ${hostnameOf(url)}: no such host` };
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
