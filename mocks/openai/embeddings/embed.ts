import { hash } from 'node:crypto';

/**
 * Returns a text's vector, which has length 1 and is the sum of one random vector per word. Texts that share words are
 * therefore close to each other. The same seed and text always give the same vector.
 */
export function embed(seed: string, text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    let state = hash('sha256', `${seed} ${word}`, 'buffer').readUInt32LE(0) || 1;
    for (let index = 0; index < dimensions; index += 1) {
      // Marsaglia's xorshift, a generator of 32-bit numbers.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      vector[index] = (vector[index] ?? 0) + state / 2 ** 31;
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector.fill(1 / Math.sqrt(dimensions)) : vector.map((value) => value / length);
}
