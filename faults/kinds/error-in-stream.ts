import { z } from 'zod';
import { errorEvent, isNamed, withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the first `afterEvents` events (default 1) of a stream, followed by an event with the provider's error for
 * `status` (default 503), and ends the stream. Responses that are not event streams are not affected.
 */
export const errorInStream = defineUpstreamFault({
  kind: 'error-in-stream',
  does: 'sends some events of a stream, then an error, and ends it',
  effect: 'stream',
  fields: {
    status: z.int().min(400).max(599).default(503).describe('a whole number from 400 to 599'),
    afterEvents: z.int().min(0).default(1).describe('a whole number of events, 0 or more'),
  },
  create: ({ status, afterEvents }) => ({
    deliver: ({ errorResponse }, response) =>
      withEvents(response, async function* (events) {
        let sent = 0;
        let hasNames = false;
        for await (const event of events) {
          hasNames ||= isNamed(event);
          if (sent++ === afterEvents) break;
          yield event;
        }
        yield errorEvent(await errorResponse(status).text(), hasNames);
      }),
  }),
});
