import type { Contract } from './contract.ts';
import { DATABASE } from './uses-postgres.ts';

/**
 * Returns the contract without the limiter's store in `reaches`, because its requests are no calls of an endpoint. The
 * database stays: endpoints query it themselves as well.
 */
export function withoutLimiterStore(contract: Contract): Contract {
  const { store } = contract.limiter;
  if (store === undefined || store === DATABASE) return contract;
  const endpoints = Object.entries(contract.endpoints).map(([name, { reaches, ...endpoint }]) => [
    name,
    { ...endpoint, reaches: reaches.filter((upstream) => upstream !== store) },
  ]);
  return { ...contract, endpoints: Object.fromEntries(endpoints) };
}
