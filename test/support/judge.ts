import type { Facts } from '../../harness/checkers/lib/checker.ts';
import type { History } from '../../harness/history/history.ts';
import { judgeEach } from '../../harness/judge/judge.ts';
import type { Finding } from '../../harness/verdict/finding.ts';

/** Returns the findings of all checkers, as in a verdict. */
export const judge = (history: History, facts: Facts, holds: readonly string[]): Finding[] =>
  [...judgeEach(history, facts, holds)].flatMap(([, findings]) => findings);
