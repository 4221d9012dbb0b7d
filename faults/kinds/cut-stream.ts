import { z } from 'zod';
import { Disconnect } from './disconnect.ts';
import { defineFault } from './fault.ts';
import { withEvents } from './server-sent-events.ts';

/**
 * Delivers the first `events` of a stream of server-sent events (of Groq: tokens, after the one with the role), then
 * closes the connection. A stream that has no more arrives whole, and so does an answer that is no stream.
 */
export const cutStream = defineFault({
  kind: 'cut-stream',
  does: 'sends so many events of a stream, then closes the connection',
  fields: {
    events: z
      .int()
      .min(0)
      .describe('a whole number of events, 0 or more')
      .meta({ examples: [2] }),
  },
  create: ({ events: most }) => ({
    deliver: (_circumstances, response) =>
      withEvents(response, async function* (events) {
        let sent = 0;
        for await (const event of events) {
          if (sent++ === most) throw new Disconnect('cut');
          yield event;
        }
      }),
  }),
});
