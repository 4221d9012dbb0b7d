/** How a request's path is written: `query` is added to its own query, and `path` writes what comes before that in another way. */
export interface Spelling {
  query?: string;
  path?: (plain: string) => string;
}

/** A contract's path, with the query that it may have, as a request asks for it. */
export function written(path: string, { query, path: spell = (plain) => plain }: Spelling): string {
  const [plain = '', ...rest] = path.split('?');
  const queries = [...(rest.length > 0 ? [rest.join('?')] : []), ...(query === undefined ? [] : [query])];
  return spell(plain) + (queries.length > 0 ? `?${queries.join('&')}` : '');
}
