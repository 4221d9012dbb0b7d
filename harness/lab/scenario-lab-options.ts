import type { History } from '../history/history.ts';
import type { Mutation } from '../wire/mutated-wire.ts';
import type { Circumstances } from './circumstances.ts';
import type { Lab } from './lab.ts';

export interface ScenarioLabOptions extends Circumstances {
  lab: Lab;
  /** Receives all of the scenario's events. */
  history: Pick<History, 'add'>;
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
