import { orNothing } from '../base/or-nothing.ts';
import { formatGoUrl, type GoUrl, parseGoUrl } from '../net/go-url.ts';
import { resolveUrl } from '../net/resolve-url.ts';

/** Resolves a reference against a page's URL. An invalid one stays as it is, and so do all if the page has no URL. */
export function resolveHref(base: string, reference: string): string {
  const url = base === '' ? undefined : parseHref(base, reference);
  return url ? formatGoUrl(url) : reference;
}

/** Returns the parts of a reference, resolved against a page's URL, or undefined if it is not valid. */
export const parseHref = (base: string, reference: string): GoUrl | undefined =>
  orNothing(() => resolveUrl(parseGoUrl(base), reference));
