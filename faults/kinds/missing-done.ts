import { isLast, withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Ends a stream cleanly but without the event that marks it as complete, such as `data: [DONE]`. Responses that are not
 * event streams are not affected.
 */
export const missingDone = defineUpstreamFault({
  kind: 'missing-done',
  does: 'ends a stream cleanly but without its last event: [DONE], message_stop or response.completed',
  effect: 'stream',
  fields: {},
  create: () => ({
    deliver: (_circumstances, response) =>
      withEvents(response, async function* (events) {
        for await (const event of events) if (!isLast(event)) yield event;
      }),
  }),
});
