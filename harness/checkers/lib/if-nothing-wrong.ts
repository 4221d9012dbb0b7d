import type { History } from '../../history/history.ts';
import type { Verdict } from '../../verdict/finding.ts';

/**
 * Returns the verdict of a check that found nothing wrong in what it has seen. If it has seen nothing at all in a record
 * that has no end, it may just be missing.
 */
export const ifNothingWrong = (history: History, seen: readonly unknown[]): Verdict =>
  seen.length > 0 || history.all('end').length > 0 ? 'PASS' : 'INCONCLUSIVE';
