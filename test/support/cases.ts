import { expect, test } from 'vitest';
import type { Checker, Facts } from '../../harness/checkers/lib/checker.ts';
import type { PlannedPhase } from '../../harness/contract/phases.ts';
import { promiseAt, promisesOf } from '../../harness/contract/promises.ts';
import type { HistoryEvent } from '../../harness/history/events.ts';
import { History } from '../../harness/history/history.ts';
import { withAllCases } from '../../harness/judge/expected-cases.ts';
import { begun } from '../../harness/testing/hand-written.ts';
import type { Finding } from '../../harness/verdict/finding.ts';

/** A checker, a contract and a plan, with the checks that it must make. */
export interface Judged {
  readonly checker: Checker;
  readonly given: Facts;
  /** The names of its checks, in any order. */
  readonly checks: readonly string[];
  /** Events that it needs beside the phases of the plan, with the plan's phases counted from 1. */
  readonly events?: readonly HistoryEvent[];
}

/** Returns facts with a plan. */
export const withPlan = <Given extends Facts>(given: Given, ...plan: PlannedPhase[]): Given => ({
  ...given,
  proof: { ...given.proof, plan },
});

const planOf = ({ given: { proof } }: Judged): readonly PlannedPhase[] => proof.plan ?? [];

const beginAll = (plan: readonly PlannedPhase[], without?: number): HistoryEvent[] =>
  plan.flatMap((data, index) => (index === without ? [] : [begun(index + 1, data, index * 1_000, 0)]));

function judge({ checker, given, events = [] }: Judged, phases: readonly HistoryEvent[]): Finding[] {
  const history = new History([...phases, ...events]);
  return withAllCases(checker, checker.judge(history, given), given);
}

const checksOf = (findings: readonly { readonly check: string }[]): string[] =>
  findings.map(({ check }) => check).sort();

const isMissing = ({ verdict, observed }: Finding): boolean =>
  verdict === 'INCONCLUSIVE' && observed === 'the check returned no finding';

/** Tests that the cases of checkers have the names of their findings, and that no phase of a plan can be left out. */
export function testCases(rows: readonly Judged[]): void {
  test.each(rows)('the cases of $checker.name are its findings: $checks', (row) => {
    const { checker, given, checks } = row;
    const findings = judge(row, beginAll(planOf(row)));
    expect(checksOf(checker.cases?.(given) ?? [])).toEqual([...checks].sort());
    expect(checksOf(findings)).toEqual([...checks].sort());
    expect(findings.filter(isMissing)).toEqual([]);
    const promised = checker.cases?.(given)?.flatMap((one) => one.promises) ?? [];
    const made = promisesOf(given.contract, given.numbers);
    for (const path of promised) expect(made).toContainEqual(promiseAt(path));
  });

  const lacking = rows.flatMap((row) => planOf(row).map((_, without) => ({ ...row, without })));
  test.each(lacking)(
    '$checker.name: a history without phase $without of its plan makes a check inconclusive',
    (row) => {
      const findings = judge(row, beginAll(planOf(row), row.without));
      expect(checksOf(findings)).toEqual([...row.checks].sort());
      expect(findings.some(({ verdict }) => verdict === 'INCONCLUSIVE')).toBe(true);
    },
  );
}

/** Tests that checkers have nothing to judge for some facts, and say why. */
export function testNotApplicable(rows: readonly (readonly [checker: Checker, given: Facts])[]): void {
  test.each(rows.map(([checker, given]) => ({ checker, given })))(
    '$checker.name is not applicable without its promise',
    ({ checker, given }) => {
      expect(checker.cases?.(given)).toEqual([]);
      expect(checker.without).toBeTypeOf('string');
      expect(checker.judge(new History(), given)).toEqual([]);
    },
  );
}
