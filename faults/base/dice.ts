import { createHash } from 'node:crypto';

/**
 * Returns a seeded random number generator for values from 0 (inclusive) to 1 (exclusive). The same seed always gives
 * the same sequence (mulberry32).
 */
export function createDice(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
