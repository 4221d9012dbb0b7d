import { GoError } from './errors.ts';
import { goTypeOf } from './go-type.ts';

/**
 * The bytes of what scripts pass as data.
 *
 * @throws GoError for anything that is no text and no bytes: arrays of numbers too, as in k6.
 */
export function toBytes(input: unknown): Uint8Array {
  if (typeof input === 'string') return Buffer.from(input);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (input instanceof Uint8Array || input instanceof Uint8ClampedArray) {
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  throw new GoError(`invalid type ${goTypeOf(input)}, expected string, []byte or ArrayBuffer`);
}
