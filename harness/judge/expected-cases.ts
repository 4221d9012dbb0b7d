import { RECORD } from '../checkers/foundation/index.ts';
import { ALWAYS, CHECKERS } from '../checkers/index.ts';
import type { Case, Checker, Facts } from '../checkers/lib/checker.ts';
import type { PromisePath } from '../contract/promise-path.ts';
import type { Finding } from '../verdict/finding.ts';

/**
 * Adds missing findings. Each case of a checker without a finding becomes an INCONCLUSIVE finding. So does a checker
 * that returned no finding although it had to. The findings of cases name the promises that they judge.
 */
export function withAllCases(checker: Checker, findings: readonly Finding[], facts: Facts): Finding[] {
  const cases = checker.cases?.(facts);
  if (cases === undefined) {
    return findings.length > 0 ? [...findings] : [missing({ check: checker.name, promises: [] })];
  }
  const open = Map.groupBy(cases, ({ check }) => check);
  const found = findings.map((finding): Finding => {
    const of = open.get(finding.check)?.pop() ?? cases.find(({ check }) => check === finding.check);
    return of && of.promises.length > 0 ? { promises: of.promises, ...finding } : finding;
  });
  return [...found, ...[...open.values()].flat().map(missing)];
}

/** What was observed of a case about which nothing was found. */
export const NO_FINDING = 'the check returned no finding';

const missing = ({ check, promises }: Case): Finding => ({
  check,
  expected: 'it is judged',
  observed: NO_FINDING,
  verdict: 'INCONCLUSIVE',
  evidence: ['the script did not get that far, a phase of its plan is not in the record, or the check has a bug'],
  ...(promises.length > 0 && { promises }),
});

/** Returns the checkers of a scenario that can never have anything to judge, with the reasons. */
export const notApplicable = (facts: Facts, holds: readonly string[]): { checker: string; reason: string }[] =>
  casesOf(facts, holds).flatMap(({ checker: { name, without = 'the contract has no case for it' }, cases }) =>
    cases?.length === 0 ? [{ checker: name, reason: without }] : [],
  );

/** Returns the promises that a scenario judges, as far as its checkers know before it runs. */
export const promisesJudged = (facts: Facts, holds: readonly string[]): PromisePath[] =>
  casesOf(facts, holds).flatMap(({ cases = [] }) => cases.flatMap(({ promises }) => promises));

/** A checker of a scenario with its cases, if it knows them. */
interface WithCases {
  readonly checker: Checker;
  readonly cases?: readonly Case[] | undefined;
}

/** Returns the checkers of a scenario, including those that are always applied, with their cases. */
export function casesOf(facts: Facts, holds: readonly string[]): WithCases[] {
  const listed = holds.flatMap((name) => CHECKERS[name] ?? []);
  return [...RECORD, ...listed, ...ALWAYS].map((checker) => {
    try {
      return { checker, cases: checker.cases?.(facts) };
    } catch {
      return { checker }; // the checker is INCONCLUSIVE for this reason
    }
  });
}
