import type { PromisePath } from '../../contract/promise-path.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Case } from '../lib/checker.ts';

/** The phases of a plan that a checker judges together, if there is a plan, and the subject of the check. */
interface Together<Phase> {
  readonly planned: readonly Phase[] | undefined;
  /** Returns the name of the finding that a phase is a part of. */
  readonly checkOf: (phase: Phase) => string;
  readonly promisesOf: (phase: Phase) => readonly PromisePath[];
}

/** Returns a case for each check, which may judge several phases, or undefined if there is no plan. */
export const casesTogether = <Phase>({ planned, checkOf, promisesOf }: Together<Phase>): Case[] | undefined =>
  planned && [
    ...new Map(
      planned.map((phase) => [checkOf(phase), { check: checkOf(phase), promises: promisesOf(phase) }]),
    ).values(),
  ];

/**
 * Returns a finding about several phases, or INCONCLUSIVE instead of PASS if fewer of them began than the scenario
 * plans: the result of the missing phases is unknown.
 */
export function ifAllBegan<Phase>(finding: Finding, began: number, { planned, checkOf }: Together<Phase>): Finding {
  const expected = planned?.filter((phase) => checkOf(phase) === finding.check).length ?? 0;
  if (finding.verdict !== 'PASS' || began >= expected) return finding;
  const why = `only ${began} of the ${expected} phases for this check started`;
  return { ...finding, verdict: 'INCONCLUSIVE', evidence: [...(finding.evidence ?? []), why] };
}
