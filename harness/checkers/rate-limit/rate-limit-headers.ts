import { createRequire } from 'node:module';
import type { BareItem, Item } from 'structured-headers';
import type { Facts } from '../lib/checker.ts';

const require = createRequire(import.meta.url);

/** Returns the parser of structured fields, which most contracts don't need. */
const structured = () => require('structured-headers') as typeof import('structured-headers');

export type Family = 'Retry-After' | Facts['contract']['limiter']['headers'][number];

/** The values in a response's headers. Missing values are absent. */
export interface HeaderValues {
  limit?: number | undefined;
  remaining?: number | undefined;
  /** The reset: seconds from the response, or seconds since the epoch. */
  reset?: { seconds: number; since: 'answer' | 'epoch' } | undefined;
  /** The window's length. */
  windowSeconds?: number | undefined;
}

/** Headers by lowercase name. */
type Headers = Readonly<Record<string, string>>;

/** Numbers from here on are timestamps, because no client has to wait that many seconds. */
const EPOCH = 1_000_000_000;

/**
 * Reads the headers of one family, for a limit with this window length. Returns undefined if there are none.
 *
 * @throws Error if a header is malformed
 */
export function readHeaders(family: Family, headers: Headers, windowSeconds: number): HeaderValues | undefined {
  const values = READERS[family](headers, Math.ceil(windowSeconds));
  return Object.values(values).some((value) => value !== undefined) ? values : undefined;
}

const READERS: Record<Family, (headers: Headers, windowSeconds: number) => HeaderValues> = {
  // RFC 9110, section 10.2.3.
  'Retry-After': ({ 'retry-after': text }) => ({ reset: text === undefined ? undefined : readRetryAfter(text) }),
  // draft-ietf-httpapi-ratelimit-headers-06.
  'draft-6': (headers, windowSeconds) => ({
    limit: optional(headers['ratelimit-limit'], (text) => wholeNumber(items(text)[0]?.[0], text)),
    remaining: optional(headers['ratelimit-remaining'], integer),
    reset: inSeconds(optional(headers['ratelimit-reset'], integer)),
    windowSeconds: policyOf(headers, windowSeconds)?.windowSeconds,
  }),
  // draft-ietf-httpapi-ratelimit-headers-07.
  'draft-7': (headers, windowSeconds) => {
    const { ratelimit: text } = headers;
    const fields = text === undefined ? undefined : structured().parseDictionary(text);
    const field = (name: string) =>
      fields?.has(name) ? wholeNumber(fields.get(name)?.[0] as BareItem, text) : undefined;
    const policy = policyOf(headers, windowSeconds);
    const values = { remaining: field('remaining'), reset: inSeconds(field('reset')) };
    return { limit: field('limit'), ...values, windowSeconds: policy?.windowSeconds };
  },
  // draft-ietf-httpapi-ratelimit-headers-08 and later.
  'draft-8': (headers, windowSeconds) => {
    const policy = policyOf(headers, windowSeconds, (item) => number(item, 'q'));
    const { ratelimit: text = '' } = headers;
    const all = items(text);
    const state = all.find(([name]) => name === policy?.name) ?? (all.length === 1 ? all[0] : undefined);
    return {
      limit: policy?.limit,
      remaining: state && number(state, 'r'),
      reset: state && inSeconds(number(state, 't')),
      windowSeconds: policy?.windowSeconds,
    };
  },
  // draft-ietf-httpapi-ratelimit-headers-11 requires names that are strings, a quota and a remaining quota, and windows
  // that are not empty.
  'draft-11': (headers, windowSeconds) => {
    for (const item of items(headers['ratelimit-policy'] ?? '')) {
      mustHave(item, 'q');
      if (number(item, 'w') === 0) throw new Error(`an empty window: ${String(item[0])}`);
    }
    for (const item of items(headers.ratelimit ?? '')) mustHave(item, 'r');
    return READERS['draft-8'](headers, windowSeconds);
  },
  // Not standardized. The reset is either a number of seconds or a timestamp.
  'x-ratelimit': (headers) => ({
    limit: optional(headers['x-ratelimit-limit'], decimal),
    remaining: optional(headers['x-ratelimit-remaining'], decimal),
    reset: inSeconds(optional(headers['x-ratelimit-reset'], decimal)),
  }),
};

interface Policy {
  name: BareItem;
  limit: number | undefined;
  windowSeconds: number | undefined;
}

/** Throws if an item's value is not a string or a parameter is missing. */
function mustHave(item: Item, key: string): void {
  if (typeof item[0] !== 'string') throw new Error(`not a string: ${String(item[0])}`);
  if (number(item, key) === undefined) throw new Error(`no ${key} in ${item[0]}`);
}

/** Returns the policy for requests with this window, or the only one. */
function policyOf(
  { 'ratelimit-policy': text = '' }: Headers,
  windowSeconds: number,
  limitOf = (item: Item): number | undefined => wholeNumber(item[0], text),
): Policy | undefined {
  const isOfRequests = ([, parameters]: Item) => /^requests?$/.test(String(parameters.get('qu') ?? 'requests'));
  const all = items(text)
    .filter(isOfRequests)
    .map((item) => ({ name: item[0], limit: limitOf(item), windowSeconds: number(item, 'w') }));
  return all.find((policy) => policy.windowSeconds === windowSeconds) ?? (all.length === 1 ? all[0] : undefined);
}

const items = (text: string): Item[] => structured().parseList(text) as Item[];

const optional = <Value>(text: string | undefined, read: (text: string) => Value): Value | undefined =>
  text === undefined ? undefined : read(text);

const integer = (text: string): number => wholeNumber(structured().parseItem(text)[0], text);

/** Returns an item's parameter, or undefined if it is missing. */
function number([name, parameters]: Item, key: string): number | undefined {
  const value = parameters.get(key);
  return value === undefined ? undefined : wholeNumber(value, `${key} of ${String(name)}`);
}

function wholeNumber(value: BareItem | undefined, text: string | undefined): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new Error(`not a whole number: ${text}`);
}

function decimal(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new Error(`not a number: ${text}`);
}

function readRetryAfter(text: string): HeaderValues['reset'] {
  if (/^\d+$/.test(text)) return { seconds: Number(text), since: 'answer' };
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new Error(`neither whole seconds nor a date: ${text}`);
  return { seconds: time / 1_000, since: 'epoch' };
}

const inSeconds = (value: number | undefined): HeaderValues['reset'] =>
  value === undefined ? undefined : { seconds: value, since: value >= EPOCH ? 'epoch' : 'answer' };
