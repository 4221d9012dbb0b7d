import { z } from 'zod';

const text = z.string().min(1);
const seconds = z.number().positive().max(300);

/** How an endpoint streams its answer, and how the caller learns that a stream has failed. */
export const stream = z
  .strictObject({
    format: z.enum(['sse', 'ndjson']).describe('"sse": server-sent events; "ndjson": one line of JSON for each event'),
    firstEventSeconds: seconds
      .optional()
      .describe('seconds within which the call fails if the upstream sends only keep-alives and no event'),
    stallSeconds: seconds
      .optional()
      .describe('seconds within which the call fails if the upstream sends nothing more after some events'),
    relaySeconds: seconds
      .optional()
      .describe(
        'seconds within which the caller gets an event that the upstream has sent, while its stream goes on; default: not ' +
          'judged',
      ),
    unreadMegabytes: z
      .int()
      .min(16)
      .max(1_000)
      .optional()
      .describe(
        'maximum growth of the memory of the service in megabytes while the caller does not read a long stream; from ' +
          '16 to 1000; default: not judged',
      ),
    end: text.optional().describe('a text in the last event of a complete answer, such as [DONE]'),
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
