import { z } from 'zod';
import { jsonIn } from '../base/json-in.ts';
import { CHANNEL_POSITIONS, markWord } from '../marks/marks.ts';
import type { Circumstances } from './lib/fault.ts';
import { isLast, withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Length of the text in each additional event. */
const TEXT_LENGTH = 16_384;
/** The fields of events that contain a part of the answer's text, in the APIs of LLM providers. */
const TEXTS = ['content', 'text', 'delta'];
/** What follows each word, if the text has mark words. */
const FILLER = '.'.repeat(4_096);
/** Number of events in which there must be a text. Otherwise, an event is repeated as it is. */
const BEGINNING = 5;
const BYTES_PER_MEGABYTE = 1_000_000;

/**
 * Repeats an event of a stream, with a long text if it contains one, until `megabytes` more have been sent. The rest of
 * the stream follows. A client that does not read slows the stream down, as with any response. When the fault is
 * healed, the rest follows immediately. With `words`, the text of the stream is replaced by a long one, which has a mark
 * word and many full stops in each event.
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
    words: z.boolean().default(false).describe('true or false'),
  },
  create: ({ megabytes, words }) => ({
    deliver: (circumstances, response) =>
      withEvents(response, async function* (events) {
        const { healed } = circumstances;
        if (words) return yield* inWords(events, megabytes, circumstances);
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

/**
 * Yields the events of a stream with a long text instead of its own: the first event with a text, as often as necessary,
 * and no other pieces of it. An event that repeats the text has all of its words.
 */
async function* inWords(
  events: AsyncIterable<string>,
  megabytes: number,
  { number = 0, note, healed }: Circumstances,
): AsyncGenerator<string> {
  const words: string[] = [];
  for await (const event of events) {
    const repeated = withText(event, () => words.join(' '));
    if (repeated === undefined) yield event;
    else if (words.length > 0) yield* /"delta":/.test(event) ? [] : [repeated];
    else {
      for (let bytes = 0; bytes < megabytes * BYTES_PER_MEGABYTE && !healed.aborted; bytes += FILLER.length) {
        const word = markWord(number, words.length % CHANNEL_POSITIONS);
        words.push(word);
        yield withText(event, () => `${word}${FILLER} `) ?? event;
      }
      note?.({ answer: { words: [words.length] } });
    }
  }
}

/** Returns an event whose text is replaced by a long one, or undefined if it contains no text. */
const lengthened = (event: string): string | undefined => withText(event, (text) => text.padEnd(TEXT_LENGTH, text));

/** Returns an event with another text, or undefined if it contains none. */
function withText(event: string, textFor: (text: string) => string): string | undefined {
  let hasText = false;
  const changed = event.replace(/^data: ?(.+)$/m, (_, data: string) => {
    const json = JSON.stringify(jsonIn(data), (name, value) => {
      if (!TEXTS.includes(name) || typeof value !== 'string' || value === '') return value;
      hasText = true;
      return textFor(value);
    });
    return `data: ${json}`;
  });
  return hasText ? changed : undefined;
}
