import { GoError } from '../base/errors.ts';
import { toBytes } from '../base/to-bytes.ts';

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

/** @throws GoError for invalid Base64. As in Go, line breaks are ignored, and padding is required or refused. */
function b64decode(input: unknown, given?: unknown, format?: string): string | ArrayBuffer {
  const variant = toVariant(given);
  const isUrl = variant.endsWith('url');
  const isRaw = variant.startsWith('raw');
  const text = String(input ?? '').replace(/[\r\n]/g, '');
  const digits = isRaw ? text : text.replace(/={1,2}$/, '');
  const isComplete = isRaw ? text.length % 4 !== 1 : text.length % 4 === 0;
  if (!isComplete || (isUrl ? /[^\w-]/ : /[^A-Za-z\d+/]/).test(digits)) throw new GoError('illegal base64 data');
  const bytes = Buffer.from(digits, isUrl ? 'base64url' : 'base64');
  return format === 's' ? bytes.toString() : new Uint8Array(bytes).buffer;
}

/** As in k6, an unknown variant means `std`. */
const toVariant = (given: unknown): string => (/^(raw)?(std|url)$/.test(String(given)) ? String(given) : 'std');
