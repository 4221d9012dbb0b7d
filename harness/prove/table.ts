import { styled } from '../base/print.ts';
import { isOpenPair, type Proved, type ProvedPair, provedCheckers, provedIn } from '../verdict/proved.ts';

const SAID: Record<ProvedPair['outcome'], string> = {
  caught: styled('green', 'caught'),
  missed: styled(['bold', 'red'], 'NOT CAUGHT (unproved)'),
  undecided: styled(['bold', 'yellow'], 'undecided'),
  broken: styled(['bold', 'red'], 'MUTANT BROKEN'),
  impossible: 'impossible',
};

/**
 * Returns the outcome of a run with mutants in lines: a summary such as `stress/smoke: 2 caught, 1 impossible`, and
 * beneath it each check with what it caught, and what it did not catch.
 */
export function triedLines(scenario: string, pairs: readonly ProvedPair[]): string[] {
  const outcomes = Map.groupBy(pairs, ({ outcome }) => outcome);
  const counts = Object.entries(SAID).flatMap(([outcome, said]) => {
    const { length } = outcomes.get(outcome as ProvedPair['outcome']) ?? [];
    return length === 0 ? [] : [`${length} ${said}`];
  });
  return [
    `${scenario}: ${counts.join(', ') || 'nothing left to catch'}`,
    ...[...Map.groupBy(outcomes.get('caught') ?? [], ({ checker }) => checker)].map(
      ([checker, caught]) => `  ✔ ${checker}: ${namesOf(caught)}`,
    ),
    ...pairs.filter(isOpenPair).map((pair) => `    ${pair.checker}: ${mutantLine(pair)}`),
  ];
}

/**
 * Returns the result in lines: each check with the mutants that it caught, beneath it the others, those that can't be
 * proved, and the number of proved ones.
 */
export function provedLines(proved: Proved): string[] {
  const { checkers, pairs, unprovable, seconds } = proved;
  const isProved = new Set(provedCheckers(proved));
  const ofCheckers = checkers.flatMap((checker) => {
    const own = pairs.filter((pair) => pair.checker === checker && pair.outcome !== 'impossible');
    if (own.length === 0) return [];
    const caught = own.filter(({ outcome }) => outcome === 'caught');
    return [
      `${isProved.has(checker) ? '✔' : '✖'} ${checker}: ${namesOf(caught) || 'none'}`,
      ...own.filter(({ outcome }) => outcome !== 'caught').map((pair) => `    ${mutantLine(pair)}`),
    ];
  });
  const reasons = [...Map.groupBy(unprovable, ({ why }) => why)].map(
    ([why, own]) => `  ${own.map(({ checker }) => checker).join(', ')}: ${why}`,
  );
  return [
    ...(ofCheckers.length === 0 ? [] : ['Checks, and the mutants that turned them red:', ...ofCheckers]),
    ...(reasons.length === 0 ? [] : ['', 'Not provable here:', ...reasons]),
    '',
    `${provedIn(proved)}, in ${seconds.toFixed(0)} s`,
  ];
}

const mutantLine = ({ mutant, outcome, scenario = '', why }: ProvedPair): string =>
  `${SAID[outcome]}  ${mutant} (${scenario})${why === undefined ? '' : `: ${why}`}`;

const namesOf = (pairs: readonly ProvedPair[]): string => pairs.map(({ mutant }) => mutant).join(', ');
