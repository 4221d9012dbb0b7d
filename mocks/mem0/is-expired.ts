import type { Memory } from './memory.ts';

const DAY = 86_400_000;

/** Whether a memory's expiration date, which it still lasts, is over. `now` is in epoch milliseconds. */
export const isExpired = ({ expiration_date }: Memory, now: number): boolean =>
  expiration_date !== null && now >= Date.parse(expiration_date.slice(0, 10)) + DAY;
