import { messageOf } from '../errors.ts';
import type { History } from '../history/history.ts';
import type { Facts, Finding } from './checker.ts';
import { CHECKERS, FOUNDATION, THRESHOLDS } from './index.ts';

/** Judges a history by the checkers that judge every scenario and by those of the given names. */
export function judge(history: History, facts: Facts, holds: readonly string[]): Finding[] {
  const chosen = Object.fromEntries(holds.map((name) => [name, CHECKERS[name]]));
  return Object.entries({ ...FOUNDATION, ...chosen, ...THRESHOLDS }).flatMap(([name, checker]) => {
    const nothing = (observed: string): Finding[] => [
      { check: name, expected: 'a judgement', observed, verdict: 'INCONCLUSIVE' },
    ];
    try {
      if (!checker) return nothing('there is no such checker');
      return checker(history, facts);
    } catch (error) {
      return nothing(`the checker crashed: ${messageOf(error)}`);
    }
  });
}
