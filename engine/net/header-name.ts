/** A cache of header names. It is bounded because servers can send any number of different names. */
const known = new Map<string, string>();
const MOST = 1_000;

/** A valid method, or name of a field or cookie (RFC 9110, section 5.6.2). */
export const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** Returns a header name in Go's case: `content-type` becomes `Content-Type`. Invalid names stay. */
export function canonicalHeaderName(name: string): string {
  let canonical = known.get(name);
  if (canonical !== undefined) return canonical;
  canonical = TOKEN.test(name) ? name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()) : name;
  if (known.size < MOST) known.set(name, canonical);
  return canonical;
}
