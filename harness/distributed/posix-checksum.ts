const POLYNOMIAL = 0x04c11db7;

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value;
});

/** Computes the checksum that the command `cksum` prints. Node's `zlib.crc32` computes a different one. */
export class PosixChecksum {
  #crc = 0;
  /** The number of bytes so far. */
  bytes = 0;

  add(data: Uint8Array): void {
    let crc = this.#crc;
    for (const byte of data) crc = (crc << 8) ^ (TABLE[(crc >>> 24) ^ byte] as number);
    this.#crc = crc;
    this.bytes += data.length;
  }

  /** The checksum of all bytes so far. */
  get value(): number {
    let crc = this.#crc;
    for (let rest = this.bytes; rest > 0; rest = Math.floor(rest / 256)) {
      crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ rest) & 0xff] as number);
    }
    return ~crc >>> 0;
  }
}
