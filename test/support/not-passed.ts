import type { Finding } from '../../harness/verdict/finding.ts';

/**
 * Returns the findings of a right service that did not PASS. A pause of the machine is not among them, because it says
 * nothing about the service.
 */
export const notPassed = (findings: Iterable<Finding>): Finding[] =>
  [...findings].filter(({ checker, verdict }) => verdict !== 'PASS' && checker !== 'nothing-stalled');
