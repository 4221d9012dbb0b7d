import { z } from 'zod';

/** A string that PostgreSQL can store: 1 to `max` characters, without NUL or lone surrogates. */
export function storableText(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must not contain NUL or lone surrogates');
}
