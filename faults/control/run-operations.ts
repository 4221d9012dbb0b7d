import type { Operation } from './operation.ts';
import { parsePlan, planSchema } from './parse-plan.ts';
import type { RecordedCalls } from './recorded-calls.ts';
import type { Replay } from './replay.ts';

/** Returns the operations that affect a whole run: managing its plan and resetting everything. */
export function runOperations(
  controlled: { readonly calls: RecordedCalls; reset(): Promise<void> },
  replay: Replay,
  planned: readonly Operation[],
): Operation[] {
  return [
    {
      method: 'get',
      path: '/plan',
      does: 'returns all calls since the start or the last reset, with their times, as a plan that can be replayed',
      prepare: () => () => controlled.calls.tell(),
    },
    {
      method: 'post',
      path: '/plan/replay',
      does: 'resets everything and runs a plan, each call at its time: {"calls": […]}, or an array of faults',
      status: 202,
      body: planSchema,
      prepare({ body }) {
        const calls = parsePlan(body, planned);
        return async () => {
          await controlled.reset();
          await replay.start(calls);
          return replay.tell();
        };
      },
    },
    {
      method: 'get',
      path: '/plan/replay',
      does: 'returns how many calls of the plan are done, and which of them were refused',
      prepare: () => () => replay.tell(),
    },
    {
      method: 'post',
      path: '/reset',
      does: 'restores the initial state: faults, certificates, receipts, settings, stored data',
      prepare: () => async () => {
        replay.stop();
        await controlled.reset();
        return { reset: true };
      },
    },
  ];
}
