import type { Finding } from '../../verdict/finding.ts';

/**
 * Returns the finding about several phases, or INCONCLUSIVE instead of PASS if fewer of them began than the scenario
 * plans: what the others would have shown is unknown.
 */
export function ifAllBegan(finding: Finding, began: number, planned: number | undefined): Finding {
  if (finding.verdict !== 'PASS' || planned === undefined || began >= planned) return finding;
  const why = `only ${began} of the ${planned} phases that it is about began`;
  return { ...finding, verdict: 'INCONCLUSIVE', evidence: [...(finding.evidence ?? []), why] };
}
