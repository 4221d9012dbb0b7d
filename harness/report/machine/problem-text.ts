import type { Finding } from '../../verdict/finding.ts';
import type { ScenarioResult } from '../../verdict/run-result.ts';

/** Lines of evidence that say enough where there is no room for all. */
const EVIDENCE_LINES = 10;

/** A finding that did not pass, as plain text: expected, observed, evidence, and how to see it again. */
export function problemText({ again }: ScenarioResult, { expected, observed, evidence = [] }: Finding): string {
  const lines = evidence.slice(0, EVIDENCE_LINES).map((line) => `evidence: ${line}`);
  return [`expected: ${expected}`, `observed: ${observed}`, ...lines, `again: ${again}`].join('\n');
}
