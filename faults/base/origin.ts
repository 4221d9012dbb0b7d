import type { AddressInfo } from 'node:net';

/** Returns the origin of a server that is listening, for example `http://[::1]:8080`. */
export function originOf(scheme: 'http' | 'https', { address, family, port }: AddressInfo): string {
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
