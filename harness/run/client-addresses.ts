import { MOST_CLIENTS } from '../contract/credentials.ts';
import type { Client } from '../contract/schema/client.ts';

/** Client addresses lie in 127.16.0.0 and above: all of 127.0.0.0/8 is loopback on Linux. */
const FIRST_SECOND_OCTET = 16;

/** Returns the loopback address of the n-th client (from 1) of a run with this seed. */
export function clientAddress(client: number, seed: number): string {
  const second = FIRST_SECOND_OCTET + (Math.floor(seed / 256) % (255 - FIRST_SECOND_OCTET));
  return `127.${second}.${seed % 256}.${client}`;
}

/**
 * Returns a range of loopback addresses for one scenario run, in the format of k6's --local-ips. Each seed has its own range,
 * so a service never remembers a client from an earlier run. All clients have one address unless the service knows
 * them by it: a service that counts by the address nevertheless is then seen to do so.
 *
 * @throws RangeError for more than 250 clients.
 */
export function clientAddresses(client: Client, clients: number, seed: number): string {
  if (clients > MOST_CLIENTS) throw new RangeError(`${clients} clients; there can be ${MOST_CLIENTS}`);
  return `${clientAddress(1, seed)}-${clientAddress(client === 'socket' ? clients : 1, seed)}`;
}

/**
 * Returns the beginning of the names of all clients of a run with this seed; client n adds n. In a forwarded header
 * they are addresses of 198.18.0.0/15, which nobody has and which no proxy trusts.
 */
export function clientPrefix(client: Client, seed: number): string {
  const isAddress = typeof client !== 'string' && 'forwarded' in client;
  return isAddress ? `198.${18 + (Math.floor(seed / 256) % 2)}.${seed % 256}.` : `client-${seed.toString(36)}-`;
}
