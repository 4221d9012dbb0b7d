/** Addresses of 127.0.0.0/8 that a scenario's clients speak from: all of it is loopback on Linux. */
const FIRST_SECOND_OCTET = 16;

/** The loopback address of the n-th client (from 1) of a run with this seed. */
export function clientAddress(client: number, seed: number): string {
  const second = FIRST_SECOND_OCTET + (Math.floor(seed / 256) % (255 - FIRST_SECOND_OCTET));
  return `127.${second}.${seed % 256}.${client}`;
}

/**
 * A range of so many loopback addresses for one scenario run, as k6's --local-ips takes it. Another seed gives another
 * range, so that no client is one that the service may remember from a run before.
 *
 * @throws RangeError for more than 250 clients.
 */
export function clientAddresses(clients: number, seed: number): string {
  if (clients > 250) throw new RangeError(`${clients} clients; there can be 250`);
  return `${clientAddress(1, seed)}-${clientAddress(clients, seed)}`;
}
