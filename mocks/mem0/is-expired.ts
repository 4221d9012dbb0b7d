import type { Memory } from './memory.ts';

const DAY = 86_400_000;

/**
 * Whether a memory has expired. It is valid until the end of its expiration date. `now` is in milliseconds since the
 * epoch.
 */
export const isExpired = ({ expiration_date }: Memory, now: number): boolean =>
  expiration_date !== null && now >= Date.parse(expiration_date.slice(0, 10)) + DAY;
