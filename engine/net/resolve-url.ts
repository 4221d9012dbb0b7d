import { type GoUrl, parseGoUrl } from './go-url.ts';

/**
 * Resolves a reference, such as a Location header, against a URL.
 *
 * @throws Error with Go's message if the reference is invalid
 */
export function resolveUrl(base: GoUrl, reference: string): GoUrl {
  const given = parseGoUrl(reference);
  const url = { ...given, scheme: given.scheme || base.scheme };
  if (given.scheme !== '' || given.host !== '' || given.user) return { ...url, path: resolvePath(given.path, '') };
  const isSamePlace = given.path === '' && !given.query;
  const kept = {
    query: given.path === '' && given.query === undefined ? base.query || undefined : given.query,
    fragment: isSamePlace && given.query === undefined && given.fragment === '' ? base.fragment : given.fragment,
  };
  if (given.path === '' && base.opaque !== '') return { ...url, ...kept, opaque: base.opaque };
  const { user, host } = base;
  return { ...url, ...kept, user, host, hasAuthority: true, path: resolvePath(base.path, given.path) };
}

/** Resolves a relative path and its dot segments against an absolute path. */
function resolvePath(base: string, reference: string): string {
  let full = reference === '' ? base : reference;
  if (reference !== '' && !reference.startsWith('/')) full = base.slice(0, base.lastIndexOf('/') + 1) + reference;
  if (full === '') return '';
  let path = '/';
  let isFirst = true;
  const segments = full.split('/');
  for (const segment of segments) {
    if (segment === '..') {
      const slash = path.lastIndexOf('/');
      isFirst ||= slash === 0;
      path = path.slice(0, Math.max(1, slash));
    } else if (segment === '.') isFirst = false;
    else {
      path += isFirst ? segment : `/${segment}`;
      isFirst = false;
    }
  }
  if (/^\.\.?$/.test(segments.at(-1) ?? '')) path += '/';
  return path.replace(/^\/\//, '/');
}
