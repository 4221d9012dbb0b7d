import { z } from 'zod';
import { withHeadFirst } from './lib/body.ts';
import { pause } from './lib/pause.ts';
import { isEventStream, withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the head immediately and delays the body by `milliseconds`. Of an event stream, the first `afterEvents`
 * (default 0) events are not delayed. If it has fewer, its end is. With `times`, it is delayed again after as many further
 * events, as often as that. When the fault is healed, waiting bodies continue
 * immediately.
 */
export const slowFirstToken = defineUpstreamFault({
  kind: 'slow-first-token',
  does: 'sends the head immediately and delays the body, or all events of a stream except the first ones',
  effect: 'waits',
  fields: {
    milliseconds: z
      .number()
      .min(0)
      .max(600_000)
      .describe('a number of milliseconds from 0 to 600000')
      .meta({ examples: [2_000] }),
    afterEvents: z.int().min(0).default(0).describe('a whole number of events, 0 or more: in a stream'),
    times: z.int().min(1).default(1).describe('a whole number, 1 or more: how often a stream is delayed'),
  },
  create: ({ milliseconds, afterEvents, times }) => ({
    deliver(circumstances, response) {
      const delay = () => pause(milliseconds, circumstances);
      if (afterEvents > 0 && isEventStream(response)) {
        return withEvents(response, (events) => delayedAfter(events, afterEvents, times, delay));
      }
      return withHeadFirst(response, async function* (body) {
        await delay();
        yield* body;
      });
    },
  }),
});

async function* delayedAfter(events: AsyncIterable<string>, each: number, times: number, delay: () => Promise<void>) {
  let sent = 0;
  for await (const event of events) {
    if (sent > 0 && sent % each === 0 && sent <= each * times) await delay();
    sent += 1;
    yield event;
  }
  if (sent <= each) await delay();
}
