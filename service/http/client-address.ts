import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** The parts of a request that identify its client. Node joins repeated X-Forwarded-For headers in order. */
export interface Addressed {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

/** A /64 counts as one client, since one subscriber commonly has a whole /64. */
const IPV6_PREFIX = 64;

/**
 * Returns the client of a request for rate limiting (specification R2): an IPv4 address, or an IPv6 /64 network. An
 * IPv4-mapped IPv6 address is the IPv4 client.
 *
 * With `trustedHops` = 0, this is the peer of the socket. With n > 0, the service is behind n proxies, each of which
 * appends its peer to X-Forwarded-For. The n-th entry from the right is then the peer of the outermost proxy; the
 * entries to its left are claims of the client. If that entry is missing or is not an address, the request bypassed a
 * proxy, and the peer of the socket is used.
 */
export function clientAddress({ socket, headers }: Addressed, trustedHops: number): string {
  const peer = socket.remoteAddress ?? 'gone';
  if (trustedHops === 0) return normalise(peer);
  const entries = String(headers['x-forwarded-for'] ?? '').split(',');
  const entry = withoutPort(entries.at(-trustedHops)?.trim() ?? '');
  return normalise(isIP(entry) ? entry : peer);
}

/** Returns the network of a client: an IPv4 /16 or an IPv6 /32. Used when there is no room to count each client. */
export function networkOf(client: string): string {
  const [address = ''] = client.split('/', 1);
  if (isIP(address) === 6) return ipKeyGenerator(address, 32);
  return isIP(address) === 4 ? `${address.split('.', 2).join('.')}.0.0/16` : client;
}

// Some proxies append the port, which differs for every connection.
function withoutPort(entry: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? [];
  return bracketed ?? plain ?? entry;
}

function normalise(address: string): string {
  return ipKeyGenerator(address.replace(/%.*$/, ''), IPV6_PREFIX);
}
