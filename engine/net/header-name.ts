/** Names that were asked for, and no more than this many: servers make up as many as they like. */
const known = new Map<string, string>();
const MOST = 1_000;

/** What a field name is made of: RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** A header's name in canonical case, as Go and so k6 writes it: `content-type` is `Content-Type`. What is no name stays. */
export function canonicalHeaderName(name: string): string {
  let canonical = known.get(name);
  if (canonical !== undefined) return canonical;
  canonical = TOKEN.test(name) ? name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()) : name;
  if (known.size < MOST) known.set(name, canonical);
  return canonical;
}
