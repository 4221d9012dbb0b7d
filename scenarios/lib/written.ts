/** Another spelling of a request: `query` is appended to the query, and `path` rewrites the part before it. */
export interface Spelling {
  query?: string;
  path?: (plain: string) => string;
}

/** Returns a path from the contract, which may have a query, in that spelling. */
export function written(path: string, { query, path: spell = (plain) => plain }: Spelling): string {
  const [plain = '', ...rest] = path.split('?');
  const queries = [...(rest.length > 0 ? [rest.join('?')] : []), ...(query === undefined ? [] : [query])];
  return spell(plain) + (queries.length > 0 ? `?${queries.join('&')}` : '');
}
