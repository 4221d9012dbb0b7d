import { MOST_CLIENTS } from '../contract/credentials.ts';
import { PUBLIC_NETWORK } from '../contract/public-network.ts';
import type { Client } from '../contract/schema/client.ts';

/** Client addresses start at 127.16.0.0. On Linux, all of 127.0.0.0/8 is loopback. */
const FIRST_SECOND_OCTET = 16;

/** Returns the loopback address of the n-th client (from 1) in a run with the given seed. */
export function clientAddress(client: number, seed: number): string {
  const second = FIRST_SECOND_OCTET + (Math.floor(seed / 256) % (255 - FIRST_SECOND_OCTET));
  return `127.${second}.${seed % 256}.${client}`;
}

/**
 * Returns a range of loopback addresses for one scenario run, in the format of k6's --local-ips. Each seed has its own
 * range, so a service never remembers a client from an earlier run. If the service doesn't identify clients by their
 * address, all clients have the same one. This reveals a service that counts by address anyway.
 *
 * @param isPublic Whether they have addresses of `PUBLIC_NETWORK`, which are the same for all seeds: its lab is new.
 * @throws RangeError for more than 250 clients
 */
export function clientAddresses(client: Client, clients: number, seed: number, isPublic = false): string {
  if (clients > MOST_CLIENTS) throw new RangeError(`${clients} clients; there can be ${MOST_CLIENTS}`);
  const address = (nth: number) =>
    isPublic ? PUBLIC_NETWORK.replace(/0\/.*$/, String(nth)) : clientAddress(nth, seed);
  return `${address(1)}-${address(client === 'socket' ? clients : 1)}`;
}

/**
 * Returns the prefix of all client names in a run with this seed. Client n appends n. In a forwarded header, the names
 * are addresses in 198.18.0.0/15, which is unassigned and which no proxy trusts.
 */
export function clientPrefix(client: Client, seed: number): string {
  const isAddress = typeof client !== 'string' && 'forwarded' in client;
  return isAddress ? `198.${18 + (Math.floor(seed / 256) % 2)}.${seed % 256}.` : `client-${seed.toString(36)}-`;
}
