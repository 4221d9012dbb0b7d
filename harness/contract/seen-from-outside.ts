import type { Contract, Numbers } from './contract.ts';

/**
 * What can be judged of a contract's service: all of it where the lab starts it. Of one that runs already neither the
 * database nor the upstreams are the lab's, its settings can't be changed, and it is not ended: what rests on these is
 * taken away.
 */
export function seenFromOutside(contract: Contract): Contract {
  if (!contract.start.running) return contract;
  const { pool: _, secret: __, ledger: ___, refusedStarts: ____, ...seen } = contract;
  const { endpoints, profiles } = contract;
  return {
    ...seen,
    ...{ breakers: {}, conditions: {} },
    endpoints: Object.fromEntries(Object.entries(endpoints).map(([name, one]) => [name, { ...one, reaches: [] }])),
    profiles: Object.fromEntries(Object.entries(profiles).map(([name, one]) => [name, withoutInside(one)])),
  };
}

function withoutInside({ pool: _, ...numbers }: Numbers): Numbers {
  return { ...numbers, breakers: {} };
}
