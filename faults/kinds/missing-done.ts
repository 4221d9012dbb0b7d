import { z } from 'zod';
import { firstEvents, isLast, withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Ends a stream cleanly but without the event that marks it as complete, such as `data: [DONE]`: after `afterEvents`
 * events, or by default after all others. Responses that are not event streams are not affected.
 */
export const missingDone = defineUpstreamFault({
  kind: 'missing-done',
  does: 'ends a stream cleanly but without its last event: [DONE], message_stop or response.completed',
  effect: 'stream',
  fields: {
    afterEvents: z.int().min(0).optional().describe('a whole number of events, 0 or more; default: all but the last'),
  },
  create: ({ afterEvents = Number.POSITIVE_INFINITY }) => ({
    deliver: (_circumstances, response) =>
      withEvents(response, async function* (events) {
        for await (const event of firstEvents(events, afterEvents)) if (!isLast(event)) yield event;
      }),
  }),
});
