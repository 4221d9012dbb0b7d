import { messageOf } from '../errors.ts';
import type { History } from '../history/history.ts';
import type { Checker, Facts, Finding } from './checker.ts';
import { CHECKERS, FOUNDATION, THRESHOLDS } from './index.ts';

/**
 * Judges a history by the checkers that judge every scenario and by those of the given names. Where the first find that the
 * record can't be trusted, nothing that the others saw to fail can be blamed on the service: it is INCONCLUSIVE.
 */
export function judge(history: History, facts: Facts, holds: readonly string[]): Finding[] {
  const run = ([name, checker]: [string, Checker | undefined]) => judgeBy(name, checker, history, facts);
  const foundation = Object.entries(FOUNDATION).flatMap(run);
  const others = [
    ...holds.map((name): [string, Checker | undefined] => [name, CHECKERS[name]]),
    ...Object.entries(THRESHOLDS),
  ];
  const voiding = foundation.find(({ voids }) => voids);
  return [...foundation, ...others.flatMap(run).map((finding) => (voiding ? voided(finding, voiding) : finding))];
}

function judgeBy(name: string, checker: Checker | undefined, history: History, facts: Facts): Finding[] {
  const nothing = (observed: string): Finding[] => [
    { check: name, expected: 'a judgement', observed, verdict: 'INCONCLUSIVE' },
  ];
  try {
    return checker ? checker(history, facts) : nothing('there is no such checker');
  } catch (error) {
    return nothing(`the checker crashed: ${messageOf(error)}`);
  }
}

function voided(finding: Finding, { check, observed }: Finding): Finding {
  if (finding.verdict !== 'FAIL') return finding;
  const evidence = [`seen to fail, but void: ${check}: ${observed}`, ...(finding.evidence ?? [])];
  return { ...finding, verdict: 'INCONCLUSIVE', evidence };
}
