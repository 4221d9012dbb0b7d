import type { Contract, Numbers } from '../contract/contract.ts';
import type { LabValue } from '../contract/placeholders.ts';
import { asksFor } from './service/launch.ts';

/** How the processes of a service are started. */
export interface Circumstances {
  contract: Contract;
  numbers: Numbers;
  conditions: readonly string[];
  /** Conditions for additional service processes that use the same database. */
  beside: readonly (readonly string[])[];
  /** The folder for the logs of all processes, and for certificates. */
  folder: string;
}

/** Whether a process of the service asks for one of the lab's values. */
export const hasCondition = (
  values: readonly LabValue[],
  { contract, numbers, conditions, beside }: Circumstances,
): boolean => [conditions, ...beside].some((of) => asksFor(values, contract, numbers, of));
