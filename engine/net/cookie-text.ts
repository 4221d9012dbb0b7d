import { TOKEN } from './header-name.ts';

/** A parsed Set-Cookie header. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** Whether the value was quoted. If so, it is sent with quotes again. */
  readonly isQuoted: boolean;
  /** The domain, or an empty string if there is none. */
  readonly domain: string;
  readonly path: string;
  /** Lifetime in seconds: 0 if not set, negative to delete the cookie. */
  readonly maxAge: number;
  /** Expiry in milliseconds since the Unix epoch, or undefined if not set. */
  readonly expires: number | undefined;
  readonly isSecure: boolean;
  readonly isHttpOnly: boolean;
}

const NO_VALUE = /[^\x20-\x7e]|["\\;]/g;

/** Formats `name=value` as Go does: drops invalid characters, and quotes values with a space or comma. */
export function cookiePair(name: string, value: string, isQuoted = false): string {
  const valid = value.replace(NO_VALUE, '');
  const needsQuotes = valid !== '' && (isQuoted || /[ ,]/.test(valid));
  return `${name.replace(/[\r\n]/g, '-')}=${needsQuotes ? `"${valid}"` : valid}`;
}

/** Parses a Cookie header, skipping invalid entries. */
export function readCookieHeader(header: string): { name: string; value: string }[] {
  return header.split(';').flatMap((part) => {
    const [, name = '', value = ''] = /^\s*([^=]*?)\s*(?:=(.*?))?\s*$/s.exec(part) ?? [];
    const read = readValue(value);
    return TOKEN.test(name) && read ? [{ name, value: read.value }] : [];
  });
}

/** Collects values by the names of their cookies. */
export function byName<T>(entries: readonly (readonly [name: string, value: T])[]): Record<string, T[]> {
  const found = new Map<string, T[]>();
  for (const [name, value] of entries) {
    const earlier = found.get(name);
    if (earlier) earlier.push(value);
    else found.set(name, [value]);
  }
  return Object.fromEntries(found);
}

/** Parses a Set-Cookie header the way Go does. Returns null if it is invalid. */
export function readSetCookie(line: string): SetCookie | null {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const [, name = '', given] = /^([^=]*?)[ \t]*=(.*)$/s.exec(pair) ?? [];
  const read = given === undefined ? null : readValue(given);
  if (!read || !TOKEN.test(name)) return null;
  const cookie = { domain: '', path: '', maxAge: 0, expires: undefined as number | undefined };
  let [isSecure, isHttpOnly] = [false, false];
  for (const attribute of attributes) {
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(attribute) ?? [];
    // Ignore attribute values that contain invalid characters.
    if (value.search(NO_VALUE) >= 0) continue;
    const is = key.toLowerCase();
    if (is === 'secure') isSecure = true;
    else if (is === 'httponly') isHttpOnly = true;
    else if (is === 'domain' || is === 'path') cookie[is] = value;
    else if (is === 'max-age' && /^[+-]?\d+$/.test(value) && (Number(value) === 0 || !value.startsWith('0')))
      cookie.maxAge = Number(value) <= 0 ? -1 : Number(value);
    else if (is === 'expires') cookie.expires = readHttpDate(value);
  }
  return { name, ...read, ...cookie, isSecure, isHttpOnly };
}

function readValue(given: string): { value: string; isQuoted: boolean } | null {
  const isQuoted = given.length > 1 && given.startsWith('"') && given.endsWith('"');
  const value = isQuoted ? given.slice(1, -1) : given;
  return value.search(NO_VALUE) < 0 ? { value, isQuoted } : null;
}

/**
 * Parses a date such as `Mon, 02 Jan 2006 15:04:05 GMT`. Dates in cookies may use hyphens instead of spaces.
 *
 * @returns Milliseconds since the Unix epoch, or undefined if the date is invalid.
 */
export function readHttpDate(text: string, hyphens = true): number | undefined {
  const form = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat), (\d\d)([ -])([a-z]{3})\2(\d{4}) (\d\d:\d\d:\d\d) [A-Z]{3,4}$/i;
  const [, day, separator, month, year, time] = form.exec(text) ?? [];
  if (day === undefined || (separator === '-' && !hyphens)) return undefined;
  const at = Date.parse(`${day} ${month} ${year} ${time} GMT`);
  // `Date.parse()` accepts April 31 as May 1.
  return new Date(at).getUTCDate() === Number(day) ? at : undefined;
}
