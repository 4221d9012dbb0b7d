import { coverageOf, verdictOf } from '../../harness/verdict/coverage.ts';
import type { Finding, Verdict } from '../../harness/verdict/finding.ts';
import { type RunResult, type ScenarioResult, VERDICT_VERSION } from '../../harness/verdict/run-result.ts';

export const finding = (check: string, verdict: Verdict, more: Partial<Finding> = {}): Finding => ({
  check,
  expected: 'exactly 5',
  observed: '6 of 5',
  verdict,
  ...more,
});

/** Creates a scenario with these findings and their worst verdict. */
export function scenarioResult(
  scenario: string,
  findings: Finding[],
  more: Partial<ScenarioResult> = {},
): ScenarioResult {
  const order: Verdict[] = ['FAIL', 'INCONCLUSIVE', 'PASS'];
  const verdict = order.find((candidate) => findings.some((each) => each.verdict === candidate)) ?? 'INCONCLUSIVE';
  return {
    scenario,
    script: scenario,
    findings,
    verdict,
    about: `What ${scenario} is about.`,
    judges: `what ${scenario} judges`,
    seconds: 8.25,
    seed: 7,
    again: `make chaos SCENARIO=${scenario} SEED=7`,
    folder: scenario.replace('/', '-'),
    ...more,
  };
}

/** Creates a run with these scenarios and their worst verdict. */
export function runResult(scenarios: ScenarioResult[], more: Partial<RunResult> = {}): RunResult {
  const { skipped = [], requires = [] } = more;
  const coverage = coverageOf({ scenarios, skipped }, scenarios.length + skipped.length);
  return {
    version: VERDICT_VERSION,
    name: 'chaos',
    started: '2026-11-24T16:48:27.692Z',
    seconds: 9.5,
    profile: 'fast',
    seed: 7,
    verdict: verdictOf({ scenarios, requires, coverage, ...more }),
    service: 'a service',
    engine: { name: 'embedded', version: 'v0' },
    postgres: 'embedded PostgreSQL',
    environment: {
      proofload: '0.1.0',
      node: 'v24.0.0',
      os: 'Linux',
      cpus: 2,
      memoryBytes: 2 ** 33,
      commit: { id: '0123456789abcdef', changed: false },
    },
    scenarios,
    skipped,
    requires,
    coverage,
    ...more,
  };
}
