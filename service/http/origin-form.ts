/**
 * Converts a request target to a path and query (RFC 9112, section 3.2.1). Removes the origin from an absolute URL and
 * any (invalid) fragment. A target without a path becomes a path segment. Express finds no path in some targets
 * (`//#x`) and would respond without applying a rate limit.
 */
export function originForm(target: string): string {
  const [plain = ''] = target.split('#', 1);
  if (plain.startsWith('/')) return plain;
  const { pathname = '', search = '' } = URL.canParse(plain) ? new URL(plain) : {};
  return pathname.startsWith('/') ? pathname + search : `/${encodeURIComponent(plain.toWellFormed())}`;
}
