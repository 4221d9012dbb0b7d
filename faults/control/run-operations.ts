import type { Operation } from './operation.ts';
import { parsePlan, planSchema } from './parse-plan.ts';
import type { Replay } from './replay.ts';
import type { Timeline } from './timeline.ts';

/** The operations on a whole run: its plan, and its start. */
export function runOperations(
  controlled: { readonly timeline: Timeline; reset(): Promise<void> },
  replay: Replay,
  planned: readonly Operation[],
): Operation[] {
  return [
    {
      method: 'get',
      path: '/plan',
      does: 'tells what was asked for since the start or the last reset, and when: a plan that can be replayed',
      prepare: () => () => controlled.timeline.tell(),
    },
    {
      method: 'post',
      path: '/plan/replay',
      does: 'resets everything and carries out a plan, each call at its time: {"calls": […]}, or an array of faults',
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
      does: 'tells how many calls of the plan are carried out, and which of them were refused',
      prepare: () => () => replay.tell(),
    },
    {
      method: 'post',
      path: '/reset',
      does: 'brings everything to where it was at the start: faults, certificates, receipts, settings, what was remembered',
      prepare: () => async () => {
        replay.stop();
        await controlled.reset();
        return { reset: true };
      },
    },
  ];
}
