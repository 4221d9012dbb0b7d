import type { NetworkError } from './network-error.ts';

const UNITS = ['KiB', 'MiB', 'GiB'];

/** Formats a number of bytes: `16 MiB`, `1.5 KiB`, `1000001 bytes`. */
function size(bytes: number): string {
  const power = UNITS.findLastIndex((_, index) => (bytes * 2) % 2 ** (10 * (index + 1)) === 0);
  return power < 0 ? `${bytes} bytes` : `${bytes / 2 ** (10 * (power + 1))} ${UNITS[power]}`;
}

/** The `error_code` of a response whose body is larger than `maxBodySize`. k6 has no such limit, and no such code. */
export const BODY_TOO_LARGE = 1790;

/**
 * Returns the error for a response body, an event or a message that exceeds the limit.
 *
 * @param limit Number of bytes.
 * @param what What exceeds it.
 */
export const bodyTooLarge = (limit: number, what = 'the response body'): NetworkError => ({
  message: `${what} is larger than ${size(limit)} (maxBodySize)`,
  code: BODY_TOO_LARGE,
});
