/** Another spelling of a request: `query` is added to the query, `path` rewrites the part before it. */
export interface Spelling {
  query?: string;
  path?: (plain: string) => string;
}

/** Returns the path of a contract, which may have a query, in that spelling. */
export function written(path: string, { query, path: spell = (plain) => plain }: Spelling): string {
  const [plain = '', ...rest] = path.split('?');
  const queries = [...(rest.length > 0 ? [rest.join('?')] : []), ...(query === undefined ? [] : [query])];
  return spell(plain) + (queries.length > 0 ? `?${queries.join('&')}` : '');
}
