/** Client addresses lie in 127.16.0.0 and above: all of 127.0.0.0/8 is loopback on Linux. */
const FIRST_SECOND_OCTET = 16;

/** Returns the loopback address of the n-th client (from 1) of a run with this seed. */
export function clientAddress(client: number, seed: number): string {
  const second = FIRST_SECOND_OCTET + (Math.floor(seed / 256) % (255 - FIRST_SECOND_OCTET));
  return `127.${second}.${seed % 256}.${client}`;
}

/**
 * Returns a range of loopback addresses for one scenario run, in the format of k6's --local-ips. Each seed has its own range,
 * so a service never remembers a client from an earlier run.
 *
 * @throws RangeError for more than 250 clients.
 */
export function clientAddresses(clients: number, seed: number): string {
  if (clients > 250) throw new RangeError(`${clients} clients; there can be 250`);
  return `${clientAddress(1, seed)}-${clientAddress(clients, seed)}`;
}
