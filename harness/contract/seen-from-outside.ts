import type { Contract, Numbers } from './contract.ts';

/**
 * Returns the part of a contract that can be judged. If the lab starts the service, this is the whole contract. If the
 * service is already running, the lab can't access its database and upstreams, change its settings, or stop it.
 * Promises that depend on any of these are removed.
 */
export function seenFromOutside(contract: Contract): Contract {
  if (!contract.start.running) return contract;
  const {
    pool: _,
    secret: __,
    ledger: ___,
    refusedStarts: ____,
    termination: _____,
    frozen: ______,
    ...seen
  } = contract;
  const { endpoints, profiles } = contract;
  return {
    ...seen,
    upstreams: {},
    breakers: {},
    budgets: {},
    conditions: {},
    endpoints: Object.fromEntries(
      Object.entries(endpoints).map(([name, endpoint]) => [name, withoutUpstreams(endpoint)]),
    ),
    profiles: Object.fromEntries(Object.entries(profiles).map(([name, profile]) => [name, withoutInside(profile)])),
  };
}

const withoutUpstreams = (endpoint: Contract['endpoints'][string]): typeof endpoint => ({
  ...endpoint,
  reaches: [],
  fallback: undefined,
  finishesLater: undefined,
  answers: undefined,
});

function withoutInside({ pool: _, ...numbers }: Numbers): Numbers {
  return { ...numbers, requestsInProgress: {}, breakers: {} };
}
