import { GoError } from '../errors.ts';

/** An address that requests go to, taken apart. */
export interface Target {
  readonly url: URL;
  readonly href: string;
  /** The address as samples show it: without user and password. */
  readonly shown: string;
  readonly origin: string;
  readonly host: string;
  /** With the query. */
  readonly path: string;
}

/** Most scripts ask for few addresses, again and again. */
const known = new Map<string, Target>();
const MOST = 1_000;

/** The one that was asked for last: to compare two texts takes less than to look one up that was put together anew. */
let latest: { readonly href: string; readonly target: Target } | null = null;

/**
 * Takes an address apart.
 *
 * @returns null for what is not HTTP's.
 * @throws GoError INVALID for what is no address.
 */
export function readTarget(href: string): Target | null {
  if (href === latest?.href) return latest.target;
  const target = known.get(href) ?? parse(href);
  if (target) latest = { href, target };
  return target;
}

function parse(href: string): Target | null {
  if (!/^https?:/i.test(href)) return null;
  if (!URL.canParse(href)) throw new GoError(`invalid URL: ${JSON.stringify(href)}`);
  const target = toTarget(new URL(href));
  if (known.size >= MOST) known.clear();
  known.set(href, target);
  return target;
}

export function toTarget(url: URL): Target {
  const { href, origin, host, pathname, search } = url;
  return { url, href, shown: withoutCredentials(url), origin, host, path: pathname + search };
}

function withoutCredentials(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  return clean.href;
}
