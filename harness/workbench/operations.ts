import { z } from 'zod';
import { parseFields } from '../../faults/base/parse-fields.ts';
import type { Operation } from '../../faults/control/operation.ts';
import { restartOperation } from '../lab/service-operations.ts';
import type { ListedScenario } from './listed-scenario.ts';
import { MOST_CLIENTS, MOST_PER_SECOND } from './load-limits.ts';
import type { Workbench } from './workbench.ts';

/** Returns the page's operations, except those for faults. */
export function workbenchOperations(workbench: Workbench, scenarios: readonly ListedScenario[]): Operation[] {
  const endpoints = Object.keys(workbench.contract.endpoints);
  const load = {
    rates: z
      .partialRecord(z.enum(endpoints), z.number().min(0).max(MOST_PER_SECOND))
      .describe(`requests per second, from 0 to ${MOST_PER_SECOND}, by endpoint: ${endpoints.join(', ')}`),
    clients: z.int().min(1).max(MOST_CLIENTS).describe(`a whole number from 1 to ${MOST_CLIENTS}`),
  };
  const names = scenarios.filter(({ skipped }) => skipped === undefined).map(({ name }) => name);
  const scenario = { name: z.enum(names).describe(names.join(', ')) };
  return [
    {
      method: 'put',
      path: '/load',
      does: 'sets the load: requests per second by endpoint, from the given number of clients in turn',
      body: z.strictObject(load),
      prepare({ body }) {
        const { rates, clients } = parseFields(load, body, 'load');
        return () => {
          workbench.load = { rates: rates as Record<string, number>, clients };
          return workbench.load;
        };
      },
    },
    {
      method: 'post',
      path: '/scenarios',
      does: 'runs a scenario, which has the lab to itself during that time',
      status: 202,
      body: z.strictObject(scenario),
      prepare({ body }) {
        const { name } = parseFields(scenario, body, 'scenario');
        return () => {
          workbench.begin(name);
          return { name };
        };
      },
    },
    {
      method: 'delete',
      path: '/scenarios',
      does: 'stops the running scenario; its verdict covers what was recorded so far',
      prepare: () => () => {
        workbench.stop();
        return { stopped: true };
      },
    },
    restartOperation((signal) => workbench.restart(signal)),
  ];
}
