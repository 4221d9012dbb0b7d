import { GoError } from './errors.ts';
import { goTypeOf } from './go-type.ts';

/**
 * Converts data passed by a script to bytes.
 *
 * @throws GoError unless the data is a string or binary. As in k6, arrays of numbers are rejected too.
 */
export function toBytes(input: unknown): Uint8Array {
  if (typeof input === 'string') return Buffer.from(input);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (input instanceof Uint8Array || input instanceof Uint8ClampedArray) {
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  throw new GoError(`invalid type ${goTypeOf(input)}, expected string, []byte or ArrayBuffer`);
}
