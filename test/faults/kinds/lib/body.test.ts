import { expect, test } from 'vitest';
import { firstBytes } from '../../../../faults/kinds/lib/body.ts';
import { Disconnect } from '../../../../faults/kinds/lib/disconnect.ts';

/** Returns the sizes of the chunks that pass through, and how the connection ended. */
async function passed(sizes: number[], bytes: number): Promise<[number[], string]> {
  const pieces: number[] = [];
  try {
    const body = ReadableStream.from(sizes.map((size) => new Uint8Array(size)));
    for await (const piece of firstBytes(body, bytes, 'cut')) pieces.push(piece.byteLength);
    return [pieces, 'whole'];
  } catch (error) {
    if (error instanceof Disconnect) return [pieces, error.how];
    throw error;
  }
}

test.each<[number[], number, [number[], string]]>([
  [[4, 4], 8, [[4, 4], 'whole']],
  [[4, 4], 9, [[4, 4], 'whole']],
  [[4, 4], 7, [[4, 3], 'cut']],
  [[4, 4], 4, [[4], 'cut']],
  [[4, 4], 0, [[], 'cut']],
  [[], 0, [[], 'whole']],
])('of chunks of %j bytes, the first %d pass: %j', async (sizes, bytes, expected) => {
  expect(await passed(sizes, bytes)).toEqual(expected);
});
