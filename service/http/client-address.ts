import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** What is asked of a request to tell whose it is; Node joins repeated X-Forwarded-For headers in their order. */
export interface Addressed {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

/** A whole /64 is one client: a single subscriber commonly has that many addresses. */
const IPV6_PREFIX = 64;

/**
 * The client that a request is counted for (specification R2): an IPv4 address, or an IPv6 network of /64; an IPv4-mapped
 * IPv6 address is the IPv4 client.
 *
 * With `trustedHops` = 0 it is the socket's peer. With n, so many proxies stand before the service, each of which appends
 * its peer to X-Forwarded-For: the n-th entry from the right is what the outermost of them saw; what stands left of
 * it is the client's own claim. Where there are fewer entries, or that one is no address, somebody came past a
 * proxy, and the socket's peer counts.
 */
export function clientAddress({ socket, headers }: Addressed, trustedHops: number): string {
  const peer = socket.remoteAddress ?? 'gone';
  if (trustedHops === 0) return normalise(peer);
  const entries = String(headers['x-forwarded-for'] ?? '').split(',');
  const entry = withoutPort(entries.at(-trustedHops)?.trim() ?? '');
  return normalise(isIP(entry) ? entry : peer);
}

/** The network of a client, for counting if there is no room for each client: an IPv4 /16 or an IPv6 /32. */
export function networkOf(client: string): string {
  const [address = ''] = client.split('/', 1);
  if (isIP(address) === 6) return ipKeyGenerator(address, 32);
  return isIP(address) === 4 ? `${address.split('.', 2).join('.')}.0.0/16` : client;
}

// Some proxies append the port, which changes with every connection.
function withoutPort(entry: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? [];
  return bracketed ?? plain ?? entry;
}

function normalise(address: string): string {
  return ipKeyGenerator(address.replace(/%.*$/, ''), IPV6_PREFIX);
}
