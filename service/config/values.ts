import { z } from 'zod';
import { databaseTlsProblem } from './database-url.ts';
import { parseLimitString } from './limit-string.ts';

// Longer timers overflow in Node and fire immediately.
const LONGEST_TIMER_MS = 2 ** 31 - 1;
// The breaker and pg add a margin to these timeouts, and the sum must also be a valid timer duration.
const TIMEOUT_MARGIN_MS = 1000;

const SECRET = () => 'its value';

/**
 * Creates a schema for a setting. `parse` returns undefined if the value is invalid. `show` hides secrets in the error
 * message.
 */
function value<T>(
  allowed: string,
  parse: (text: string) => T | undefined,
  show: (text: string) => string = JSON.stringify,
) {
  return z.string({ error: `is missing: it must be ${allowed}` }).transform((text, context) => {
    const parsed = parse(text.trim());
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: `${show(text)} is not allowed: it must be ${allowed}` });
    return z.NEVER;
  });
}

export function wholeNumber(min: number, max: number) {
  return value(`a whole number from ${min} to ${max}`, (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  });
}

/** A time in whole milliseconds, at least 1. */
export const milliseconds = () => wholeNumber(1, LONGEST_TIMER_MS - TIMEOUT_MARGIN_MS);

/** A time in seconds, converted to milliseconds. Fractions are allowed. */
export function seconds() {
  const longest = Math.floor(LONGEST_TIMER_MS / 1000);
  return value(`a number of seconds from 0.001 to ${longest}`, (text) => {
    const number = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
    return number >= 0.001 && number <= longest ? Math.round(number * 1000) : undefined;
  });
}

/** A boolean in any common spelling, case-insensitive. */
export function flag() {
  return value('one of true, false, 1, 0, yes, no, on, off', (text) => {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    return /^(false|0|no|off)$/i.test(text) ? false : undefined;
  });
}

export function oneOf<const Word extends string>(...words: Word[]) {
  return value(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text));
}

/** Any non-blank string. */
export const text = () => value('a non-blank text', (given) => given || undefined);

export function rateLimit() {
  return z.string().transform((given, context) => {
    try {
      return parseLimitString(given);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
}

/**
 * The base URL of an HTTP API. The scheme must be http or https. A user, query or fragment is not allowed. Trailing
 * slashes are removed.
 */
export function baseUrl() {
  return value(
    'an http:// or https:// URL without user, query or fragment',
    (given) => {
      const url = URL.parse(given);
      const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
      return plain ? url.href.replace(/\/+$/, '') : undefined;
    },
    SECRET,
  );
}

/** A PostgreSQL URL with safe TLS settings. It may contain a password, so it never appears in messages. */
export function databaseUrl() {
  return urlOf(/^postgres(ql)?:$/, 'a postgres:// or postgresql:// URL').superRefine((given, context) => {
    const problem = databaseTlsProblem(new URL(given));
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
}

/** The rate limit store. A mistaken value may be a URL with a password, so it never appears in messages. */
export function limitStore() {
  const kinds = ['memory', 'postgres'] as const;
  return value('memory or postgres', (given) => kinds.find((kind) => kind === given), SECRET);
}

function urlOf(protocol: RegExp, allowed: string) {
  return value(allowed, (given) => (protocol.test(URL.parse(given)?.protocol ?? '') ? given : undefined), SECRET);
}

/** A key that is sent in an HTTP header. It never appears in messages. */
export function apiKey() {
  return value(
    'a key of printable ASCII characters without spaces',
    (given) => (/^[\x21-\x7e]+$/.test(given) ? given : undefined),
    SECRET,
  );
}
