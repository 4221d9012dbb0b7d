import { z } from 'zod';
import type { Operation } from '../../faults/control/operation.ts';
import type { ScenarioLab } from './scenario-lab.ts';

/** Creates the operations that let models call tools, and that read what tools have stored. */
export const toolOperations = (lab: Pick<ScenarioLab, 'conversations' | 'readTools'>): Operation[] => [
  {
    method: 'put',
    path: '/upstreams/:upstream/conversation',
    does: 'lets the fake of an LLM call tools as a conversation says, until the scenario ends; without rounds: none',
    body: z.record(z.string(), z.unknown()),
    prepare:
      ({ params, body }) =>
      async () => {
        await lab.conversations.set(params.upstream ?? '', body as Record<string, unknown>);
        return {};
      },
  },
  {
    method: 'post',
    path: '/tools',
    does: 'records which rows the tools of the contract have stored; returns the number of tools with a table',
    prepare: () => () => lab.readTools(),
  },
];
