/**
 * The bytes of what scripts pass as data.
 *
 * @throws TypeError for anything that is no text and no bytes.
 */
export function toBytes(input: unknown): Uint8Array {
  if (typeof input === 'string') return Buffer.from(input);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (Array.isArray(input)) return Uint8Array.from(input as number[]);
  throw new TypeError(`invalid type ${typeof input}: expected a string, an ArrayBuffer or a typed array`);
}
