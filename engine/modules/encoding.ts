import { toBytes } from '../base/to-bytes.ts';
import { decodeBase64 } from './base64-decode.ts';

/** Implements `k6/encoding`: Base64 as `std`, `rawstd`, `url` and `rawurl`. Raw variants have no padding. */
export function createEncodingModule(): object {
  return { b64encode, b64decode };
}

function b64encode(input: unknown, given?: unknown): string {
  const variant = toVariant(given);
  const bytes = Buffer.from(toBytes(input));
  const text = bytes.toString(variant.endsWith('url') ? 'base64url' : 'base64').replace(/=+$/, '');
  return variant.startsWith('raw') ? text : text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** @throws GoError for invalid Base64 */
function b64decode(input: unknown, given?: unknown, format?: string): string | ArrayBuffer {
  const variant = toVariant(given);
  const bytes = decodeBase64(String(input ?? ''), variant.endsWith('url'), !variant.startsWith('raw'));
  return format === 's' ? bytes.toString() : new Uint8Array(bytes).buffer;
}

/** As in k6, an unknown variant means `std`. */
const toVariant = (given: unknown): string => (/^(raw)?(std|url)$/.test(String(given)) ? String(given) : 'std');
