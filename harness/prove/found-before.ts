import { setImmediate } from 'node:timers/promises';
import { RECORD_SO_FAR } from '../checkers/foundation/index.ts';
import type { Checker } from '../checkers/lib/checker.ts';
import { type Point, partsUntil, until } from '../history/before-phase.ts';
import type { History } from '../history/history.ts';
import { judgeEach } from '../judge/judge.ts';
import type { Recorded } from '../run/mutated-run.ts';
import type { Finding } from '../verdict/finding.ts';

/**
 * Returns what some checkers find wrong because of mutants until a point of the script. A check may fail only because
 * the rest of the script is missing. So one that also fails in such a part of the record without mutants is left out.
 * If the script paused in the middle of a phase, this is a part that ends anywhere between requests of the phase.
 *
 * @param isEnough Returns whether the findings are worth this comparison. Defaults to all findings.
 */
export async function foundBefore(
  point: Point,
  checkers: readonly string[],
  mutated: Recorded,
  unmutated: Recorded,
  isEnough: (findings: readonly Finding[]) => boolean = () => true,
): Promise<Finding[]> {
  const part = until(mutated.history, point);
  const findings = part ? failedIn(part, mutated, checkers, RECORD_SO_FAR) : [];
  if (!isEnough(findings)) return [];
  const others = partsUntil(unmutated.history, point);
  const suspects = new Set(others.length === 0 ? [] : findings.flatMap(({ checker }) => checker ?? []));
  for (const other of others) {
    // Other scenarios run through proxies of this process. Judging all parts at once would delay their answers.
    await setImmediate();
    // A pause of the machine must not hide that a check fails without mutants.
    for (const { checker = '' } of failedIn(other, unmutated, [...suspects], [])) suspects.delete(checker);
    if (suspects.size === 0) break;
  }
  return findings.filter(({ checker }) => checker !== undefined && suspects.has(checker));
}

const failedIn = (
  part: History,
  { facts }: Recorded,
  checkers: readonly string[],
  ofRecord: readonly Checker[],
): Finding[] =>
  [...judgeEach(part, facts, checkers, ofRecord)]
    .flatMap(([, findings]) => findings)
    .filter(({ verdict }) => verdict === 'FAIL');
