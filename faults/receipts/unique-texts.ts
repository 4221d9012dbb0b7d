/** Matches the form of `${unique}` in scripts: `<VU>-<number of the call>-<time>`. See scenarios/lib/service.ts. */
const UNIQUE = /(?<!\d)\d{1,6}-\d{1,9}-[0-9a-z]{8}/g;

/** Maximum number of values to return for a request. */
const MOST = 20;

/** Maximum number of bytes of a body to search. */
const SEARCHED = 65_536;

/** Returns the distinct values of `${unique}` in a request, in order. Only the beginning of a long body is searched. */
export function uniqueTextsIn(path: string, body: Buffer | undefined): string[] {
  const text = `${path}\n${body?.subarray(0, SEARCHED).toString('latin1') ?? ''}`;
  return [...new Set(text.match(UNIQUE))].slice(0, MOST);
}
