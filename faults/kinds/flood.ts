import { z } from 'zod';
import { jsonIn } from '../base/json-in.ts';
import { isLast, withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Length of the text in each additional event. */
const TEXT_LENGTH = 16_384;
/** The fields of events that contain a part of the answer's text, in the APIs of LLM providers. */
const TEXTS = ['content', 'text', 'delta'];
/** Number of events in which there must be a text. Otherwise, an event is repeated as it is. */
const BEGINNING = 5;
const BYTES_PER_MEGABYTE = 1_000_000;

/**
 * Repeats an event of a stream, with a long text if it contains one, until `megabytes` more have been sent. The rest of
 * the stream follows. A client that does not read slows the stream down, as with any response. When the fault is
 * healed, the rest follows immediately.
 */
export const flood = defineUpstreamFault({
  kind: 'flood',
  does: 'makes a stream many megabytes longer',
  effect: 'none',
  fields: {
    megabytes: z
      .int()
      .min(1)
      .max(10_000)
      .describe('a whole number from 1 to 10000')
      .meta({ examples: [100] }),
  },
  create: ({ megabytes }) => ({
    deliver: ({ healed }, response) =>
      withEvents(response, async function* (events) {
        let isDue = true;
        let before = '';
        let seen = 0;
        for await (const event of events) {
          if (isDue && isLast(event)) yield* repeated(before, megabytes, healed);
          isDue &&= !isLast(event);
          yield event;
          before = event;
          seen += 1;
          const long = lengthened(event) ?? (seen < BEGINNING ? undefined : event);
          if (!isDue || long === undefined) continue;
          isDue = false;
          yield* repeated(long, megabytes, healed);
        }
        if (isDue) yield* repeated(before, megabytes, healed);
      }),
  }),
});

function* repeated(event: string, megabytes: number, healed: AbortSignal): Generator<string> {
  const times = Math.ceil((megabytes * BYTES_PER_MEGABYTE) / Math.max(1, Buffer.byteLength(event)));
  for (let sent = 0; sent < times && !healed.aborted; sent += 1) yield event;
}

/** Returns an event whose text is replaced by a long one, or undefined if it contains no text. */
function lengthened(event: string): string | undefined {
  let hasText = false;
  const long = event.replace(/^data: ?(.+)$/m, (_, data: string) => {
    const changed = JSON.stringify(jsonIn(data), (name, value) => {
      if (!TEXTS.includes(name) || typeof value !== 'string' || value === '') return value;
      hasText = true;
      return value.padEnd(TEXT_LENGTH, value);
    });
    return `data: ${changed}`;
  });
  return hasText ? long : undefined;
}
