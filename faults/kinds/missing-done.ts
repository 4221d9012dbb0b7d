import { isDone, withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Ends a stream cleanly but without `data: [DONE]`. Responses that are not event streams are not affected. */
export const missingDone = defineUpstreamFault({
  kind: 'missing-done',
  does: 'ends a stream cleanly but without [DONE]',
  effect: 'stream',
  fields: {},
  create: () => ({
    deliver: (_circumstances, response) =>
      withEvents(response, async function* (events) {
        for await (const event of events) if (!isDone(event)) yield event;
      }),
  }),
});
