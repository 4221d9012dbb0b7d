import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Returns a random, URL-safe token of 192 bits. */
export const newToken = (): string => randomBytes(24).toString('base64url');

/** Whether a client sent the right token. Takes the same time for all wrong tokens. */
export const isToken = (given: string, expected: string): boolean =>
  // Digests have the same length.
  timingSafeEqual(digest(given), digest(expected));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
