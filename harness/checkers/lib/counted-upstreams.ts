import type { Facts } from './checker.ts';

/**
 * Returns the upstreams that an endpoint reaches and whose requests the lab can count. TCP upstreams are omitted,
 * because a client may send any number of requests over one connection.
 */
export function countedUpstreams({ contract: { endpoints, upstreams } }: Facts, endpoint = ''): string[] {
  const { reaches = [] } = endpoints[endpoint] ?? {};
  return reaches.filter((name) => upstreams[name]?.tcp === undefined);
}
