import type { Client } from '../contract/schema/client.ts';

/**
 * Returns the headers by which a service identifies a client, or an empty object if it uses the socket or the
 * credentials.
 */
export function clientHeaders(client: Client, name: string): Record<string, string> {
  if (typeof client === 'string') return {};
  if ('header' in client) return { [client.header]: name };
  const { header, hop } = client.forwarded;
  const proxies = Array.from({ length: hop - 1 }, (_, index) => `10.0.0.${index + 1}`);
  const entry =
    header.toLowerCase() === 'forwarded' ? (address: string) => `for=${address}` : (address: string) => address;
  return { [header]: [name, ...proxies].map(entry).join(', ') };
}
