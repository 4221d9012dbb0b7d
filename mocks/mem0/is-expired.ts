import type { Memory } from './memory.ts';

const DAY = 86_400_000;

/**
 * Returns whether a memory has expired; it is valid until the end of its expiration date. `now` is in epoch
 * milliseconds.
 */
export const isExpired = ({ expiration_date }: Memory, now: number): boolean =>
  expiration_date !== null && now >= Date.parse(expiration_date.slice(0, 10)) + DAY;
