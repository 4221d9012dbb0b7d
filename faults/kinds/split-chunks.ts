import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { createDice } from '../base/dice.ts';
import { withBody } from './lib/body.ts';
import { isEventStream } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

const [LF, CR] = [0x0a, 0x0d];

/** How the lines of an event stream may end, besides with LF. */
const LINE_ENDS = { crlf: [CR, LF], cr: [CR] };

/**
 * Sends the usual bytes in pieces of 1 to `mostBytes` (default 5) bytes. They can be split anywhere: inside an event, a
 * line or a UTF-8 sequence. The same `seed` (default `proofload`) always splits the same body at the same points. With
 * `at: borders`, it is split exactly where readers go wrong: in front of and after each CR and LF, and so between the
 * two line ends that end an event, and inside each UTF-8 sequence.
 */
export const splitChunks = defineUpstreamFault({
  kind: 'split-chunks',
  does: 'sends the same bytes in tiny chunks, split anywhere, even within UTF-8 sequences',
  effect: 'none',
  fields: {
    mostBytes: z.int().min(1).max(65_536).default(5).describe('a whole number of bytes from 1 to 65536'),
    seed: z.string().default('proofload').describe('a string'),
    at: z.enum(['anywhere', 'borders', 'nowhere']).default('anywhere').describe('anywhere, borders or nowhere'),
    lineEnds: z.enum(['crlf', 'cr']).optional().describe('crlf or cr; default: as they are'),
  },
  create: ({ mostBytes, seed, at, lineEnds }) => ({
    deliver(_circumstances, response) {
      const { body } = response;
      if (!body) return response;
      const sent = lineEnds && isEventStream(response) ? withLineEnds(body, LINE_ENDS[lineEnds]) : body;
      const ends: Record<typeof at, End> = {
        anywhere: nextOf(createDice(seed), mostBytes),
        borders: nextBorder,
        nowhere: ({ byteLength }) => byteLength,
      };
      return withBody(response, pieces(sent, ends[at]));
    },
  }),
});

/** Ends each line with other bytes. */
async function* withLineEnds(body: AsyncIterable<Uint8Array>, end: readonly number[]): AsyncGenerator<Uint8Array> {
  let before = 0;
  for await (const chunk of body) {
    const bytes: number[] = [];
    for (const byte of chunk) {
      if (byte === CR || (byte === LF && before !== CR)) bytes.push(...end);
      else if (byte !== LF) bytes.push(byte);
      before = byte;
    }
    yield Uint8Array.from(bytes);
  }
}

/** Returns the end of the piece that begins at a byte. It may be behind the end of the chunk. */
type End = (chunk: Uint8Array, start: number) => number;

async function* pieces(body: AsyncIterable<Uint8Array>, endOf: End): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    for (let start = 0; start < chunk.byteLength; ) {
      const end = endOf(chunk, start);
      yield chunk.subarray(start, end);
      start = end;
      // Otherwise the pieces would be sent together.
      await setImmediate();
    }
  }
}

const nextOf =
  (dice: () => number, mostBytes: number): End =>
  (_, start) =>
    start + 1 + Math.floor(dice() * mostBytes);

const nextBorder: End = (chunk, start) => {
  const next = chunk.subarray(start + 1).findIndex((byte, index) => isBorder(chunk[start + index] ?? 0, byte));
  return next === -1 ? chunk.byteLength : start + 1 + next;
};

/** Whether a body is split between two bytes. */
const isBorder = (before: number, after: number): boolean =>
  [before, after].some((byte) => byte === LF || byte === CR) || (after & 0b1100_0000) === 0b1000_0000;
