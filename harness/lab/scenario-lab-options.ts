import type { Contract, Numbers } from '../contract/contract.ts';
import type { LabValue } from '../contract/placeholders.ts';
import type { History } from '../history/history.ts';
import type { Mutation } from '../wire/mutated-wire.ts';
import type { Lab } from './lab.ts';
import { asksFor } from './service/launch.ts';

export interface ScenarioLabOptions {
  lab: Lab;
  contract: Contract;
  numbers: Numbers;
  conditions: readonly string[];
  /** Conditions for additional service processes that use the same database. */
  beside: readonly (readonly string[])[];
  /** Receives all of the scenario's events. */
  history: Pick<History, 'add'>;
  /** The folder for all service processes' logs. */
  folder: string;
  /** Called with each line in a service's log. */
  onLine?: (line: string) => void;
  /** Whether any response means that the service is ready, if its ready path is not known. Defaults to false. */
  isReadyWithAnyStatus?: boolean;
  /** Whether the samples of database connections are judged. Otherwise, there are fewer. Defaults to true. */
  countsConnections?: boolean;
  /** The breaker under test, if there is one. */
  breaker?: string | undefined;
  /** Mutants that act on what the service and its callers, upstreams and rows exchange. Defaults to none. */
  mutation?: Mutation | undefined;
}

/** Whether a process of the service asks for one of the lab's values. */
export const hasCondition = (
  values: readonly LabValue[],
  { contract, numbers, conditions, beside }: ScenarioLabOptions,
): boolean => [conditions, ...beside].some((of) => asksFor(values, contract, numbers, of));
