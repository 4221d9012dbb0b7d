import { type Judged, notJudgedIn, stoppedIn, tallyOf, unmetIn } from '../../verdict/coverage.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../../verdict/run-result.ts';

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

/** A run in a few sentences: how much was judged and how it came out, what was not judged, and whether it was cut short. */
export function summarize(run: Judged): string {
  return [`${tallyOf(run)}.`, stoppedIn(run), unmetIn(run), notJudgedIn(run.coverage)].filter(Boolean).join(' ');
}
