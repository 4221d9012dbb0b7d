import { defineFault } from './lib/fault.ts';
import { isDone, withEvents } from './lib/server-sent-events.ts';

/** Ends a stream cleanly but without `data: [DONE]`. Responses that are not event streams are not affected. */
export const missingDone = defineFault({
  kind: 'missing-done',
  does: 'ends a stream cleanly but without [DONE]',
  fields: {},
  create: () => ({
    deliver: (_circumstances, response) =>
      withEvents(response, async function* (events) {
        for await (const event of events) if (!isDone(event)) yield event;
      }),
  }),
});
