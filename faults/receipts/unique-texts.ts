/**
 * Matches the form of `${unique}` in scripts: `<VU>-<number of the call>-<time>`. Some lack the last digit of the time, so
 * that others begin with them. See scenarios/lib/service.ts.
 */
export const UNIQUE = /(?<!\d)\d{1,6}-\d{1,9}-[0-9a-z]{7,8}/g;

/** Maximum number of values to return for a request. If there are as many, others may be missing. */
export const MOST_UNIQUE = 20;
/** How many of them are the first ones. The last ones say more: they are in the newest message of a chat. */
const FIRST = 4;

/** Maximum number of bytes of a body to search: half of them at its beginning, and half at its end. */
const SEARCHED = 65_536;

/** Returns the distinct values of `${unique}` in a request, in order. A long body is only searched at both ends. */
export function uniqueTextsIn(path: string, body: Buffer | undefined): string[] {
  const found = [...new Set(`${path}\n${body ? endsOf(body) : ''}`.match(UNIQUE))];
  if (found.length <= MOST_UNIQUE) return found;
  return [...found.slice(0, FIRST), ...found.slice(FIRST - MOST_UNIQUE)];
}

function endsOf(body: Buffer): string {
  if (body.length <= SEARCHED) return body.toString('latin1');
  const half = SEARCHED / 2;
  return `${body.toString('latin1', 0, half)}\n${body.toString('latin1', body.length - half)}`;
}
