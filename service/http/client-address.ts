import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** The parts of a request that identify the client. Node joins repeated X-Forwarded-For headers in order. */
export interface Addressed {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

/** A /64 network counts as one client, because a single subscriber commonly has a whole /64. */
const IPV6_PREFIX = 64;

/**
 * Returns the client that a request is counted for by the rate limiter: an IPv4 address or an IPv6
 * /64 network. An IPv4-mapped IPv6 address counts as the IPv4 address.
 *
 * If `trustedHops` is 0, the client is the socket's peer. If it is n, the service is behind n proxies, each of which
 * appends its peer to X-Forwarded-For. The n-th entry from the right is then the peer of the outermost proxy; entries
 * to its left were set by the client and can't be trusted. If that entry is missing or is not an address, the request
 * bypassed a proxy, and the socket's peer is used.
 */
export function clientAddress({ socket, headers }: Addressed, trustedHops: number): string {
  const peer = socket.remoteAddress ?? 'gone';
  if (trustedHops === 0) return normalise(peer);
  const entries = String(headers['x-forwarded-for'] ?? '').split(',');
  const entry = withoutPort(entries.at(-trustedHops)?.trim() ?? '');
  return normalise(isIP(entry) ? entry : peer);
}

/**
 * Returns a client's network: an IPv4 /16 or an IPv6 /32. It is used when there is not enough room to count clients
 * individually.
 */
export function networkOf(client: string): string {
  const [address = ''] = client.split('/', 1);
  if (isIP(address) === 6) return ipKeyGenerator(address, 32);
  return isIP(address) === 4 ? `${address.split('.', 2).join('.')}.0.0/16` : client;
}

// Some proxies append the port, which is different for every connection.
function withoutPort(entry: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? [];
  return bracketed ?? plain ?? entry;
}

function normalise(address: string): string {
  return ipKeyGenerator(address.replace(/%.*$/, ''), IPV6_PREFIX);
}
