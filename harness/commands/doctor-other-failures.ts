import type { Finding } from '../verdict/finding.ts';

const WILL_FAIL = '`run` will FAIL: ';

/** Whether a note names failures that `doctor` does not count. */
export const isOtherFailure = (note: string): boolean => note.startsWith(WILL_FAIL);

/** Number of checks that are named. */
const MOST = 3;

/**
 * Returns a note with the failures that `doctor` does not count, because they don't say how the contract describes the
 * service. Without this note, a failing `run` after a PASS would be unexpected. Returns undefined if there are none.
 */
export function otherFailures(uncounted: readonly Finding[]): string | undefined {
  const names = [...new Set(uncounted.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check))];
  if (names.length === 0) return undefined;
  const more = names.length > MOST ? `; and ${names.length - MOST} more` : '';
  return (
    `${WILL_FAIL}${names.slice(0, MOST).join('; ')}${more}. ` +
    'This is a defect of the service, or the contract lacks a promise, such as `servedWithout` or `relays`.'
  );
}
