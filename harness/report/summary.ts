import { count, type Finding } from '../checkers/checker.ts';
import type { RunResult, ScenarioResult } from './run-result.ts';

/** A finding that did not pass, with its place in the scenario. */
export interface Problem {
  scenario: ScenarioResult;
  finding: Finding;
  index: number;
}

/** All findings that did not pass, those that failed first. */
export function problemsOf({ scenarios }: RunResult): Problem[] {
  const all = scenarios.flatMap((scenario) =>
    scenario.findings.map((finding, index) => ({ scenario, finding, index })),
  );
  return (['FAIL', 'INCONCLUSIVE'] as const).flatMap((verdict) =>
    all.filter(({ finding }) => finding.verdict === verdict),
  );
}

/** A run in a sentence or two: how many checks held, failed, were not proved, and whether it was cut short. */
export function summarize({ scenarios, skipped, stopped }: RunResult): string {
  const findings = scenarios.flatMap((scenario) => scenario.findings);
  const of = (verdict: Finding['verdict']) => findings.filter((finding) => finding.verdict === verdict).length;
  const [held, failed, unproved] = [of('PASS'), of('FAIL'), of('INCONCLUSIVE')];
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unproved > 0 ? [`${unproved} could not be proved`] : []),
    `${held} held`,
  ];
  const without = skipped.length === 0 ? '' : ` ${count(skipped.length, 'scenario')} skipped.`;
  const sentence = `Of ${count(findings.length, 'check')} in ${count(scenarios.length, 'scenario')}, ${parts.join(', ')}.${without}`;
  return stopped === undefined ? sentence : `${sentence} The run was stopped before its end: ${stopped}.`;
}
