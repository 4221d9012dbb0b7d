import { RECORD_SO_FAR } from '../checkers/foundation/index.ts';
import type { Checker } from '../checkers/lib/checker.ts';
import { beforePhase, type NthPhase } from '../history/before-phase.ts';
import { judgeEach } from '../judge/judge.ts';
import type { Recorded } from '../run/mutated-run.ts';
import type { Finding } from '../verdict/finding.ts';

/**
 * Returns what some checkers find wrong because of mutants before a phase began. A check may fail only because the rest
 * of the script is missing, so a check that also fails in the same part of the record without mutants is left out.
 */
export function foundBefore(
  phase: NthPhase,
  checkers: readonly string[],
  mutated: Recorded,
  unmutated: Recorded,
): Finding[] {
  const failedIn = ({ history, facts }: Recorded, ofRecord: readonly Checker[]): Finding[] | undefined => {
    const part = beforePhase(history, phase);
    const judged = part && [...judgeEach(part, facts, checkers, ofRecord)].flatMap(([, findings]) => findings);
    return judged?.filter(({ verdict }) => verdict === 'FAIL');
  };
  // A pause of the machine must not hide that a check fails without mutants.
  const without = failedIn(unmutated, []);
  const isNew = ({ checker }: Finding): boolean => without?.every((finding) => finding.checker !== checker) === true;
  return failedIn(mutated, RECORD_SO_FAR)?.filter(isNew) ?? [];
}
