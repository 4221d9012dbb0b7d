import { z } from 'zod';

/** Text that PostgreSQL can store: not empty, no NUL, no half of a surrogate pair. At most `max` characters. */
export function storableText(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must not hold NUL or lone surrogates');
}
