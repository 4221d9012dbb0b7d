import { DATABASE, hasDatabaseBreaker } from '../../contract/uses-postgres.ts';
import type { Facts } from './checker.ts';

/**
 * Returns the upstreams that an endpoint reaches and whose requests the lab can count. TCP upstreams are omitted unless
 * the contract says what counts as a call, and the database is omitted unless it is behind a breaker. The requests to the
 * store of the limiter are no calls of an endpoint.
 */
export function countedUpstreams({ contract }: Facts, endpoint = ''): string[] {
  const { endpoints, upstreams, limiter } = contract;
  const { reaches = [] } = endpoints[endpoint] ?? {};
  return reaches.filter((name) => {
    if (name === limiter.store) return false;
    if (name === DATABASE) return hasDatabaseBreaker(contract);
    return upstreams[name]?.tcp === undefined || upstreams[name].calls !== undefined;
  });
}

/** Returns the upstreams that endpoints reach and whose requests can be counted. */
export const allCountedUpstreams = (facts: Facts): string[] => [
  ...new Set(Object.keys(facts.contract.endpoints).flatMap((endpoint) => countedUpstreams(facts, endpoint))),
];
