import type { z } from 'zod';
import type { Numbers, promises } from './contract.ts';
import { isHttp } from './is-http.ts';
import { fallbackOf } from './schema/fallback.ts';

type Contract = z.output<typeof promises>;
type Described = Contract['budgets'][string];

/** A budget with the numbers of a profile. */
export interface Budget extends Omit<Described, 'endpoints'> {
  readonly name: string;
  readonly endpoints: readonly string[];
  /** The HTTP upstreams whose receipts say what was used. */
  readonly upstreams: readonly string[];
  /** How long it lasts until it begins anew. Absent for a total, and for a day, whose end is another scenario's. */
  readonly seconds?: number;
}

type Known = Pick<Contract, 'budgets' | 'endpoints' | 'upstreams'>;

/** Returns the budgets of a contract with the numbers of a profile. */
export const budgetsOf = (contract: Known, numbers: Pick<Numbers, 'budgets'>): Budget[] =>
  Object.entries(contract.budgets).map(([name, described]): Budget => {
    const budget = { ...described, ...numbers.budgets[name] };
    const { max = described.max, per = described.per, endpoints = spending(contract) } = budget;
    const seconds = per === 'minute' ? 60 : typeof per === 'number' ? per : undefined;
    const upstreams = [...new Set(endpoints.flatMap((endpoint) => upstreamsOf(contract, endpoint)))];
    return { ...described, name, max, per, endpoints, upstreams, ...(seconds !== undefined && { seconds }) };
  });

/** Returns the endpoints that reach an HTTP upstream. */
const spending = (contract: Known): string[] =>
  Object.keys(contract.endpoints).filter((endpoint) => upstreamsOf(contract, endpoint).length > 0);

/** Returns the HTTP upstreams that an endpoint reaches, also if others fail. */
export function upstreamsOf(contract: Known, endpoint: string): string[] {
  const { reaches = [], fallback } = contract.endpoints[endpoint] ?? {};
  const all = [...reaches, ...(fallbackOf(fallback)?.order ?? [])];
  return [...new Set(all)].filter((upstream) => isHttp(contract, upstream));
}
