import { z } from 'zod';
import { withBody } from './lib/body.ts';
import { pause } from './lib/pause.ts';
import { isEventStream } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the head, then only keep-alives, every `everyMilliseconds` (default 200): comments in an event stream, and
 * blank lines in any other body. When the fault is healed, the body follows.
 */
export const keepAlives = defineUpstreamFault({
  kind: 'keep-alives',
  does: 'sends the head, then only keep-alives: comments in a stream, and blank lines in other bodies',
  effect: 'waits',
  fields: {
    everyMilliseconds: z.int().min(1).max(600_000).default(200).describe('a whole number from 1 to 600000'),
  },
  create: ({ everyMilliseconds }) => ({
    deliver(circumstances, response) {
      const { body, status } = response;
      if (!body) return response;
      const headers = new Headers(response.headers);
      headers.delete('content-length');
      const keepAlive = new TextEncoder().encode(isEventStream(response) ? ': keep-alive\n\n' : '\n');
      return withBody(
        { status, headers },
        (async function* () {
          while (!circumstances.healed.aborted) {
            yield keepAlive;
            await pause(everyMilliseconds, circumstances);
          }
          yield* body;
        })(),
      );
    },
  }),
});
