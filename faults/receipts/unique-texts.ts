/** Matches the form of `${unique}` in scripts: `<VU>-<number of the call>-<time>`. See scenarios/lib/service.ts. */
const UNIQUE = /(?<!\d)\d{1,6}-\d{1,9}-[0-9a-z]{8}/g;

/** The maximum number of texts of a request. */
const MOST = 20;

/** The number of bytes at the beginning of a body that are searched. */
const SEARCHED = 65_536;

/**
 * Returns the different texts in a request that have the form of a call's `${unique}`, in the order of their places. Only
 * the beginning of a long body is searched.
 */
export function uniqueTextsIn(path: string, body: Buffer | undefined): string[] {
  const text = `${path}\n${body?.subarray(0, SEARCHED).toString('latin1') ?? ''}`;
  return [...new Set(text.match(UNIQUE))].slice(0, MOST);
}
