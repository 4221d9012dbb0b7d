import type { Facts } from './checker.ts';

/**
 * Returns the upstreams that an endpoint reaches and whose requests the lab can count. A TCP upstream has none: a client
 * may use one connection for any number of requests.
 */
export function countedUpstreams({ contract: { endpoints, upstreams } }: Facts, endpoint = ''): string[] {
  const { reaches = [] } = endpoints[endpoint] ?? {};
  return reaches.filter((name) => upstreams[name]?.tcp === undefined);
}
