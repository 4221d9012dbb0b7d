import { styled } from '../base/print.ts';
import { type Proved, type ProvedPair, provedCheckers, provedIn } from '../verdict/proved.ts';

const SAID: Record<ProvedPair['outcome'], string> = {
  caught: styled('green', 'caught'),
  missed: styled(['bold', 'red'], 'NOT CAUGHT (unproved)'),
  undecided: styled(['bold', 'yellow'], 'undecided'),
  impossible: 'impossible',
};

/** Formats a check and a mutant in one line. */
export const pairLine = ({ checker, mutant, outcome, why }: ProvedPair): string =>
  `  ${SAID[outcome]}  ${checker} × ${mutant}${why === undefined ? '' : `: ${why}`}`;

/**
 * Returns the result in lines: each check with its mutants, those that can't be proved, and the number of proved ones.
 */
export function provedLines(proved: Proved): string[] {
  const { checkers, pairs, unprovable, stopped, seconds } = proved;
  const isProved = new Set(provedCheckers(proved));
  const ofCheckers = checkers.flatMap((checker) => {
    const own = pairs.filter((pair) => pair.checker === checker && pair.outcome !== 'impossible');
    if (own.length === 0) return [];
    return [`${isProved.has(checker) ? '✔' : '✖'} ${checker}`, ...own.map(mutantLine)];
  });
  const reasons = [...Map.groupBy(unprovable, ({ why }) => why)].map(
    ([why, own]) => `  ${own.map(({ checker }) => checker).join(', ')}: ${why}`,
  );
  return [
    ...ofCheckers,
    '',
    ...(reasons.length === 0 ? [] : ['Not provable here:', ...reasons]),
    '',
    `${provedIn(proved)}, in ${seconds.toFixed(0)} s${stopped === undefined ? '' : `. Stopped early: ${stopped}`}`,
  ];
}

const mutantLine = ({ mutant, outcome, scenario = '', why }: ProvedPair): string =>
  `    ${SAID[outcome]}  ${mutant} (${scenario})${why === undefined ? '' : `: ${why}`}`;
