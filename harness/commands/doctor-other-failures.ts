import type { Finding } from '../verdict/finding.ts';

/** Number of checks that are named. */
const MOST = 3;

/**
 * Returns the names of the checks that FAIL although `doctor` does not count them, because they don't say how the
 * contract describes the service.
 */
export const otherFailures = (uncounted: readonly Finding[]): string[] => [
  ...new Set(uncounted.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check)),
];

/** Returns a note with these checks. Without it, a failing `run` after a PASS would be unexpected. */
export function willFailNote(names: readonly string[]): string {
  const more = names.length > MOST ? `; and ${names.length - MOST} more` : '';
  return (
    `\`run\` will FAIL: ${names.slice(0, MOST).join('; ')}${more}. ` +
    'This is a defect of the service, or the contract lacks a promise, such as `servedWithout` or `relays`.'
  );
}
