import { count } from '../base/in-words.ts';
import { judgeableIn, notJudgedIn } from '../verdict/coverage.ts';
import { isJudged } from '../verdict/promise-coverage.ts';
import type { Repeats } from './repeats.ts';
import { WORDS } from './text/summary.ts';

/** Describes the minimum number of promises that each repeat judged. */
function promisesOf(runs: Repeats['runs']): string {
  if (runs.every(({ coverage }) => coverage.promises === undefined)) return '';
  const judged = runs.map(({ coverage: { promises = [] } }) => promises.filter(isJudged).length);
  const all = Math.max(...runs.map(({ coverage: { promises = [] } }) => promises.length));
  return `, and at least ${Math.min(...judged)} of ${count(all, 'promise')}`;
}

/**
 * Summarizes repeats in one or two sentences: how many had each verdict, starting with the decisive one, and how much
 * each of them judged. What was not judged is listed for the repeat that judged the least.
 */
export function summarizeRepeats({ verdict, runs, wanted }: Repeats): string {
  const order = [verdict, 'FAIL', 'INCONCLUSIVE', 'PASS'] as const;
  const counts = [...new Set(order)].flatMap((possible) => {
    const n = runs.filter((run) => run.verdict === possible).length;
    return n > 0 ? [`${n} ${WORDS[possible]}`] : [];
  });
  const isCut = runs.length < wanted;
  const made = isCut
    ? [`only ${runs.length} of ${count(wanted, 'repeat')} made`, ...counts].join(', ')
    : counts.length === 1
      ? `${runs.length} of ${count(wanted, 'repeat')} ${WORDS[verdict]}`
      : counts.join(', ').replace(' ', ` of ${count(wanted, 'repeat')} `);
  const [least] = runs.toSorted((a, b) => a.coverage.judged - b.coverage.judged);
  if (!least) return `${made}.`;
  const { coverage } = least;
  const most = Math.max(...runs.map((run) => run.coverage.judged));
  const judged = most === coverage.judged ? `${most}` : `${coverage.judged} to ${most}`;
  const covered = `Each judged ${judged} of ${count(judgeableIn(coverage), 'scenario')}${promisesOf(runs)}.`;
  return [`${made}.`, covered, notJudgedIn(coverage)].filter(Boolean).join(' ');
}
