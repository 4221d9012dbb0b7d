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
 * /64 network. An IPv6 address that contains the client's IPv4 address counts as the IPv4 address.
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
  const plain = address.replace(/%.*$/, '');
  return (isIP(plain) === 6 ? embeddedIpv4(plain) : undefined) ?? ipKeyGenerator(plain, IPV6_PREFIX);
}

/**
 * Returns the IPv4 address of the client that an IPv6 address contains. Otherwise one client would have many /64
 * networks (6to4, Teredo), or all clients would share one (mapped, translated, NAT64). Returns undefined for others.
 */
function embeddedIpv4(address: string): string | undefined {
  const groups = groupsOf(address);
  const [first, second, third = 0] = groups;
  const last = groups.slice(6);
  // 6to4: 2002:<IPv4>::/48
  if (first === 0x2002) return ipv4Of(groups.slice(1, 3));
  // Teredo: 2001:0:<server>:<flags>:<port>:<inverted IPv4>
  if (first === 0x2001 && second === 0) return ipv4Of(last.map((group) => group ^ 0xffff));
  // NAT64: 64:ff9b::<IPv4>, and 64:ff9b:1:<any>::<IPv4> within a network
  if (first === 0x64 && second === 0xff9b && (third === 1 || isZero(groups.slice(2, 6)))) return ipv4Of(last);
  // Mapped ::ffff:<IPv4>, translated ::ffff:0:<IPv4>, and compatible ::<IPv4>, except :: and ::1.
  if (!isZero(groups.slice(0, 4))) return undefined;
  const [fifth, sixth] = groups.slice(4, 6);
  const isMapped = (fifth === 0 && sixth === 0xffff) || (fifth === 0xffff && sixth === 0);
  const isCompatible = fifth === 0 && sixth === 0 && last[0] !== 0;
  return isMapped || isCompatible ? ipv4Of(last) : undefined;
}

/** Returns the eight numbers of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser returns an address in its shortest form, without dots.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const parse = (text = '') => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [parse(head), parse(tail)];
  return [...before, ...new Array(8 - before.length - after.length).fill(0), ...after];
}

const isZero = (groups: readonly number[]): boolean => groups.every((group) => group === 0);

const ipv4Of = (groups: readonly number[]): string => groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
