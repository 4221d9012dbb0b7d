import type { Finding } from '../verdict/finding.ts';

/**
 * Returns a line for each check that did not pass, with its scenario. The tables of `doctor` are long, so it repeats
 * these at the end.
 */
export function failedChecks(findings: readonly (Finding & { scenario: string })[]): string[] {
  const failed = findings.filter(({ verdict }) => verdict !== 'PASS');
  const lines = failed.map(
    ({ scenario, check, observed, verdict }) => `  ${verdict}  ${scenario}: ${check}: ${observed.split('\n')[0]}`,
  );
  return lines.length === 0 ? [] : ['\nChecks that did not pass:', ...lines];
}
