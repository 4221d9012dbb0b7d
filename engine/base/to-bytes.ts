import { GoError } from './errors.ts';
import { goTypeOf } from './go-type.ts';

/**
 * Converts data passed by a script to bytes.
 *
 * @throws GoError unless the data is a string or binary. As in k6, arrays of numbers are rejected too.
 */
export function toBytes(input: unknown): Uint8Array {
  const bytes = bytesOf(input);
  if (bytes) return bytes;
  throw new GoError(`invalid type ${goTypeOf(input)}, expected string, []byte or ArrayBuffer`);
}

/** Like {@link toBytes}, but returns undefined for any other type. */
export function bytesOf(input: unknown): Uint8Array | undefined {
  if (typeof input === 'string') return Buffer.from(input);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  const isBytes = input instanceof Uint8Array || input instanceof Uint8ClampedArray;
  return isBytes ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength) : undefined;
}
