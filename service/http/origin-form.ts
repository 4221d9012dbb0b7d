/**
 * A request's target as path and query (RFC 9112 3.2.1), whatever form it came in: an absolute one loses its origin, a
 * fragment, which no target may have, is cut off, and what has no path at all becomes a segment. Express finds no path in
 * some of them (`//#x`), and then answers past every limiter.
 */
export function originForm(target: string): string {
  const [plain = ''] = target.split('#', 1);
  if (plain.startsWith('/')) return plain;
  const { pathname = '', search = '' } = URL.canParse(plain) ? new URL(plain) : {};
  return pathname.startsWith('/') ? pathname + search : `/${encodeURIComponent(plain.toWellFormed())}`;
}
