/** One of the algorithm's rounds of 16 steps. */
interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly constant: number;
  /** The order in which it reads the words of a block. */
  readonly order: readonly number[];
  readonly shifts: readonly number[];
}

const ROUNDS: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

const BLOCK = 64;

/** Returns the MD4 digest of bytes (RFC 1320). OpenSSL 3 doesn't include it. */
export function md4(bytes: Uint8Array): Buffer {
  // A one bit, zeros, and the length in bits at the end of the last block.
  const padded = Buffer.alloc(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(bytes.length) * 8n, padded.length - 8);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < padded.length; at += BLOCK) addBlock(state, padded.subarray(at, at + BLOCK));
  const digest = Buffer.alloc(16);
  for (const [index, word] of state.entries()) digest.writeInt32LE(word | 0, index * 4);
  return digest;
}

function addBlock(state: number[], block: Buffer): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (const { mix, constant, order, shifts } of ROUNDS) {
    for (const [step, word] of order.entries()) {
      const sum = (a + mix(b, c, d) + block.readInt32LE(word * 4) + constant) | 0;
      const shift = shifts[step % 4] as number;
      [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
    }
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = ((state[index] as number) + value) | 0;
}
