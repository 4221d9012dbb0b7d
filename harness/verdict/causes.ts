import type { Finding } from '../checkers/lib/checker.ts';
import type { RunResult, ScenarioResult } from './run-result.ts';

/** A finding that did not pass and follows from no other, with the findings that follow from it. */
export interface Cause {
  readonly finding: Finding;
  readonly followers: readonly Finding[];
}

/** A check that is the cause in several scenarios. */
export interface CommonCause {
  readonly check: string;
  readonly verdict: Finding['verdict'];
  readonly scenarios: readonly string[];
  /** How many findings follow from it, in all of these scenarios. */
  readonly followers: number;
}

/** Returns the causes of a scenario's verdict: failed ones before inconclusive ones, those that explain most first. */
export function causesOf({ findings }: Pick<ScenarioResult, 'findings'>): Cause[] {
  const problems = findings.filter(({ verdict }) => verdict !== 'PASS');
  const groups = Map.groupBy(problems, (finding) => causeOf(finding, problems));
  const causes = [...groups].map(([finding, group]) => ({
    finding,
    followers: group.filter((one) => one !== finding),
  }));
  return causes.sort((a, b) => rank(a.finding) - rank(b.finding) || b.followers.length - a.followers.length);
}

const rank = ({ verdict }: Finding): number => (verdict === 'FAIL' ? 0 : 1);

/** Returns the finding that a finding follows from, if that did not pass and follows from no other; else the finding itself. */
const causeOf = (finding: Finding, problems: readonly Finding[]): Finding =>
  problems.find(({ check, follows }) => check === finding.follows && follows === undefined) ?? finding;

/** Returns the causes that two or more scenarios share: failed ones before inconclusive ones, those that explain most first. */
export function commonCauses({ scenarios }: Pick<RunResult, 'scenarios'>): CommonCause[] {
  const all = scenarios.flatMap((one) => causesOf(one).map((cause) => ({ ...cause, scenario: one.scenario })));
  const groups = Map.groupBy(all, ({ finding: { check, verdict } }) => `${verdict} ${check}`);
  const common = [...groups.values()].flatMap((group) => {
    const names = [...new Set(group.map(({ scenario }) => scenario))];
    const [first] = group;
    if (!first || names.length < 2) return [];
    const followers = group.reduce((sum, one) => sum + one.followers.length, 0);
    return [{ check: first.finding.check, verdict: first.finding.verdict, scenarios: names, followers }];
  });
  const explained = ({ scenarios: names, followers }: CommonCause) => names.length + followers;
  return common.sort(
    (a, b) => Number(b.verdict === 'FAIL') - Number(a.verdict === 'FAIL') || explained(b) - explained(a),
  );
}
