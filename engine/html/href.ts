/** The parts of a URL as in Go's `net/url`: the URL may be relative, and nothing is normalized. */
export interface Href {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

const PARTS = /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;

export function parseHref(text: string): Href {
  const [, scheme = '', authority = '', path = '', query, fragment] = PARTS.exec(text) ?? [];
  const at = authority.lastIndexOf('@');
  const [user, password] = at < 0 ? [] : authority.slice(0, at).split(':').map(decode);
  const host = authority.slice(at + 1);
  return { scheme: scheme.toLowerCase(), user, password, host, path, query, fragment };
}

/** Resolves a reference against a page's URL. */
export function resolveHref(base: string, reference: string): string {
  const [, scheme, authority, path = '', query, fragment] = PARTS.exec(reference) ?? [];
  if (scheme !== undefined || base === '') return reference;
  const [, ofBase, authorityOfBase, pathOfBase = '', queryOfBase] = PARTS.exec(base) ?? [];
  const tail = (given: string | undefined) =>
    `${given === undefined ? '' : `?${given}`}${fragment === undefined ? '' : `#${fragment}`}`;
  if (authority !== undefined) return `${ofBase}://${authority}${withoutDots(path)}${tail(query)}`;
  const start = `${ofBase}://${authorityOfBase ?? ''}`;
  if (path === '') return `${start}${pathOfBase}${tail(query ?? queryOfBase)}`;
  const merged = path.startsWith('/') ? path : `${pathOfBase.replace(/[^/]*$/, '') || '/'}${path}`;
  return `${start}${withoutDots(merged)}${tail(query)}`;
}

function withoutDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..' && kept.length > 1) kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (isLast) kept.push('');
  }
  return kept.join('/');
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
