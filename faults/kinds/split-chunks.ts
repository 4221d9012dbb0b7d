import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { createDice } from '../base/dice.ts';
import { withBody } from './lib/body.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the usual bytes in pieces of 1 to `mostBytes` (default 5) bytes. They can be split anywhere: inside an event, a
 * line or a UTF-8 sequence. The same `seed` (default `proofload`) always splits the same body at the same points.
 */
export const splitChunks = defineUpstreamFault({
  kind: 'split-chunks',
  does: 'sends the same bytes in tiny chunks, split anywhere, even within UTF-8 sequences',
  effect: 'none',
  fields: {
    mostBytes: z.int().min(1).max(65_536).default(5).describe('a whole number of bytes from 1 to 65536'),
    seed: z.string().default('proofload').describe('a string'),
  },
  create: ({ mostBytes, seed }) => ({
    deliver: (_circumstances, response) =>
      response.body ? withBody(response, pieces(response.body, mostBytes, createDice(seed))) : response,
  }),
});

async function* pieces(
  body: AsyncIterable<Uint8Array>,
  mostBytes: number,
  dice: () => number,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    for (let start = 0; start < chunk.byteLength; ) {
      const end = start + 1 + Math.floor(dice() * mostBytes);
      yield chunk.subarray(start, end);
      start = end;
      // Otherwise the pieces would be sent together.
      await setImmediate();
    }
  }
}
