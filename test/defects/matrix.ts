import { BUILT_IN } from '../../harness/checkers/index.ts';
import { isCaught, type Outcome, whyUndecided } from './run-defect.ts';

/** All checkers that a service defect can make fail. */
export const PROVABLE = BUILT_IN.filter(({ noDefect }) => noDefect === undefined).map(({ name }) => name);

const MARKS = { meant: '●', missed: '○', also: '×', not: '·' } as const;

function markOf({ defect, failed }: Outcome, checker: string): string {
  const said = (failed.get(checker) ?? []).length > 0;
  if (checker !== defect.checker) return said ? MARKS.also : MARKS.not;
  return isCaught({ defect, failed }) ? MARKS.meant : MARKS.missed;
}

/** Returns the matrix of defects (one per line) and checkers (one per numbered column), with its legend. */
export function matrix(outcomes: readonly Outcome[]): string {
  const width = Math.max(...outcomes.map(({ defect }) => defect.name.length));
  const digits = [(n: number) => (n > 9 ? String(Math.floor(n / 10)) : ' '), (n: number) => String(n % 10)];
  const heads = digits.map((digit) => ' '.repeat(width) + PROVABLE.map((_, index) => ` ${digit(index + 1)}`).join(''));
  const lines = outcomes.map((outcome) => {
    const cells = PROVABLE.map((checker) => ` ${markOf(outcome, checker)}`).join('');
    return `${outcome.defect.name.padEnd(width)}${cells}  ${whyUndecided(outcome) !== undefined ? 'undecided' : ''}`.trimEnd();
  });
  const legend = PROVABLE.map((checker, index) => `${String(index + 1).padStart(2)} ${checker}`);
  const never = BUILT_IN.flatMap(({ name, noDefect }) => (noDefect === undefined ? [] : `   ${name}: ${noDefect}`));
  return [
    ...heads,
    ...lines,
    '',
    `${MARKS.meant} said FAIL, as it was meant to   ${MARKS.missed} was meant to and did not   ${MARKS.also} said FAIL too`,
    ...legend,
    'which no defect of a service turns red:',
    ...never,
  ].join('\n');
}

/** Returns sentences about what isn't proven: defects that no check caught, and checkers that caught no defect. */
export function unproved(outcomes: readonly Outcome[]): string[] {
  const caught = new Set(outcomes.filter(isCaught).map(({ defect }) => defect.checker));
  return [
    ...outcomes.filter((outcome) => !isCaught(outcome)).map(survived),
    ...PROVABLE.filter((checker) => !caught.has(checker)).map((checker) => `${checker} has caught no defect`),
  ];
}

function survived({ defect: { name, scenario, check }, failed, undecided: why }: Outcome): string {
  if (why !== undefined) return `${name} was not judged: ${why}`;
  const others = [...failed.values()].flat();
  const instead = others.length > 0 ? `; FAIL instead: ${others.join(', ')}` : '';
  return `${name} survived ${scenario}: "${check}" did not say FAIL${instead}`;
}
