import { z } from 'zod';
import { Disconnect } from './lib/disconnect.ts';
import { withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the first `events` (default 1) server-sent events of a stream (for Groq, the role followed by one token each),
 * then closes the connection. Shorter streams and other responses are not affected.
 */
export const cutStream = defineUpstreamFault({
  kind: 'cut-stream',
  does: 'sends some events of a stream, then closes the connection',
  effect: 'stream',
  fields: {
    events: z
      .int()
      .min(0)
      .default(1)
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
