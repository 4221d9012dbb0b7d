import type { Finding } from '../../verdict/finding.ts';
import type { ScenarioResult } from '../../verdict/run-result.ts';

/** Maximum number of evidence lines. */
const EVIDENCE_LINES = 10;

/**
 * Describes a finding that did not pass as plain text: expected, observed, evidence, the likely cause, and the command
 * to run it again.
 */
export function problemText(
  { again }: ScenarioResult,
  { expected, observed, evidence = [], usually }: Finding,
): string {
  const lines = evidence.slice(0, EVIDENCE_LINES).map((line) => `evidence: ${line}`);
  const cause = usually === undefined ? [] : [`usually: ${usually}`];
  return [`expected: ${expected}`, `observed: ${observed}`, ...lines, ...cause, `again: ${again}`].join('\n');
}
