import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { EngineError } from '../base/errors.ts';
import { orNothing } from '../base/or-nothing.ts';
import { addNetwork } from './add-network.ts';
import { basicAuthorization, bracketed, DEFAULT_PORTS, type GoUrl, hostnameOf, parseGoUrl, portOf } from './go-url.ts';

/** A proxy for HTTP requests. */
export interface HttpProxy {
  /** The proxy's scheme, host and port. */
  readonly origin: string;
  /** The value of the Proxy-Authorization header, or undefined if the URL has no user. */
  readonly authorization: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether a host is exempt from proxies.
 *
 * @param address The IP version if the host is an address, or 0 if it is a name.
 */
type Exception = (host: string, port: string, address: number) => boolean;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * The proxies configured by `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (in upper or lower case), interpreted as in Go.
 * `localhost` and loopback addresses never use a proxy. The `hosts` option applies only to the proxy's own host.
 */
export class Proxies {
  readonly #http: HttpProxy | null;
  readonly #https: HttpProxy | null;
  readonly #exceptions: readonly Exception[];

  /** @throws EngineError PROXY_NOT_AVAILABLE for a proxy whose scheme is not `http` or `https`. */
  constructor(environment: Environment) {
    const read = (name: string) => environment[name] || environment[name.toLowerCase()] || '';
    this.#http = readProxy(read('HTTP_PROXY'));
    this.#https = readProxy(read('HTTPS_PROXY'));
    this.#exceptions = read('NO_PROXY').split(',').flatMap(readException);
  }

  /** Returns the proxy for a URL, or null if the URL is requested directly. */
  for(url: GoUrl): HttpProxy | null {
    const proxy = url.scheme === 'https' ? this.#https : this.#http;
    return proxy && this.#isProxied(url) ? proxy : null;
  }

  #isProxied(url: GoUrl): boolean {
    const given = hostnameOf(url);
    const host = /^[\x20-\x7e]*$/.test(given) ? given : domainToASCII(given);
    const port = portOf(url) || DEFAULT_PORTS[url.scheme] || '';
    const family = isIP(host);
    if (host === 'localhost' || (family !== 0 && contains(LOOPBACK, host, family))) return false;
    return !this.#exceptions.some((isException) => isException(host.toLowerCase(), port, family));
  }
}

/** Parses a proxy URL. Invalid URLs are ignored. The scheme defaults to `http`. */
function readProxy(text: string): HttpProxy | null {
  if (text === '') return null;
  const given = orNothing(() => parseGoUrl(text));
  const url = given?.scheme && given.host ? given : orNothing(() => parseGoUrl(`http://${text}`));
  return url ? toProxy(url) : null;
}

function toProxy(url: GoUrl): HttpProxy {
  const { scheme } = url;
  const origin = `${scheme}://${bracketed(hostnameOf(url))}:${portOf(url) || DEFAULT_PORTS[scheme]}`;
  if (!DEFAULT_PORTS[scheme] || !URL.canParse(origin))
    throw new EngineError(
      'PROXY_NOT_AVAILABLE',
      `the proxy ${scheme}://${url.host} is not available in the embedded engine: only http and https are supported`,
    );
  return { origin, authorization: basicAuthorization(url) };
}

/** Parses one entry of NO_PROXY: `*`, a network, or an address or name with an optional port. */
function readException(entry: string): Exception[] {
  const text = entry.trim().toLowerCase();
  if (text === '*') return [() => true];
  const list = new BlockList();
  if (addNetwork(list, text)) return [(host, _, of) => of !== 0 && contains(list, host, of)];
  const [, bracketed, named, ofHost = ''] = /^(?:\[(.*)\]|([^:]*)):([^:]*)$/.exec(text) ?? [];
  const name = bracketed ?? named ?? text;
  const isPort = (port: string) => ofHost === '' || ofHost === port;
  if (name === '') return [];
  const address = isIP(name);
  if (address !== 0) {
    list.addAddress(name, address === 4 ? 'ipv4' : 'ipv6');
    return [(host, port, of) => of !== 0 && contains(list, host, of) && isPort(port)];
  }
  const domain = name.replace(/^\*\./, '.');
  const below = domain.startsWith('.') ? domain : `.${domain}`;
  return [(host, port, of) => of === 0 && (host.endsWith(below) || host === domain) && isPort(port)];
}

const contains = (list: BlockList, host: string, family: number): boolean =>
  list.check(host, family === 4 ? 'ipv4' : 'ipv6');
