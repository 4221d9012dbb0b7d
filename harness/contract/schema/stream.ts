import { z } from 'zod';

const text = z.string().min(1);
const seconds = z.number().positive().max(300);

/** How an endpoint streams its answer, and how the caller learns that a stream has failed. */
export const stream = z
  .strictObject({
    format: z
      .enum(['sse', 'ndjson'])
      .describe(
        '`sse`: server-sent events (text/event-stream). `ndjson`: one line of JSON for each event (application/x-ndjson and similar types)',
      ),
    firstEventSeconds: seconds
      .optional()
      .describe(
        'seconds within which the call fails if the upstream sends only keep-alives, or its first event byte by ' +
          'byte; tolerance: 0.5 s; default: not judged',
      ),
    stallSeconds: seconds
      .optional()
      .describe(
        'seconds within which the call fails if the upstream sends nothing more after some events; tolerance: 0.5 ' +
          's. `chaos/termination` tests streams only if it is more than 0.8; default: not judged',
      ),
    relaySeconds: seconds
      .optional()
      .describe(
        'seconds within which the caller gets an event that the upstream has sent, while its stream goes on: ' +
          'pieces are passed on as they come. Must be shorter than `stallSeconds`; tolerance: 0.25 s; default: not ' +
          'judged',
      ),
    unreadMegabytes: z
      .int()
      .min(16)
      .max(1_000)
      .optional()
      .describe(
        'maximum growth of the memory of the service (with its child processes, on Linux) in megabytes while a ' +
          'caller does not read a stream of four times this size. The service may stop reading or end the call; ' +
          'default: not judged',
      ),
    end: text
      .optional()
      .describe(
        'a text in the last event of a complete answer, such as [DONE] or message_stop; default: any event may be the last',
      ),
    error: z
      .union([text, z.array(text).min(1)])
      .optional()
      .describe(
        'a text that only events with an error contain, such as "event: error", or a list of such texts; default: any ' +
          'event named error, or JSON with a field error',
      ),
  })
  .optional()
  .describe('the response is a stream; a failed stream never looks like a complete response');

/** The promises about an endpoint's streams. */
export type Stream = NonNullable<z.output<typeof stream>>;
