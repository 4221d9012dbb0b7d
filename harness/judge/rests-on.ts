import { CHECKERS, COMMON } from '../checkers/index.ts';
import type { Checker } from '../checkers/lib/checker.ts';

const called = (names: readonly string[] = []): Checker[] =>
  names.flatMap((name) => CHECKERS[name] ?? COMMON[name] ?? []);

/** Returns the checkers that a checker depends on. */
const causesOf = ({ restsOn }: Checker): Checker[] => called(restsOn);

/** Returns the names of all checkers that a checker depends on, directly or through others. */
export function allCauses(checker: Checker): string[] {
  const names = new Set<string>();
  const visit = (cause: Checker): void => {
    names.add(cause.name);
    causesOf(cause).forEach(visit);
  };
  causesOf(checker).forEach(visit);
  return [...names];
}

/** Sorts checkers so that each one comes after those it depends on. Otherwise the order is kept. */
export function causesFirst(checkers: readonly Checker[]): Checker[] {
  const sorted = new Set<Checker>();
  const visit = (checker: Checker): void => {
    if (sorted.has(checker)) return;
    [...causesOf(checker), ...called(checker.undecidedBy)].forEach(visit);
    sorted.add(checker);
  };
  checkers.forEach(visit);
  return [...sorted].filter((checker) => checkers.includes(checker));
}

/** The failed checks that may be causes: at most one of each checker, by its name. */
export interface Failed {
  get(checker: string): string | undefined;
}

/**
 * Returns the failed check that caused this checker to fail. If that check was itself caused by another one, returns
 * the original cause.
 *
 * @param failed The failed checks that may be the cause, of each checker the first.
 */
export const firstCause = (checker: Checker, failed: Failed): string | undefined =>
  firstAmong(causesOf(checker), failed);

/** Returns the failed check because of which this checker is INCONCLUSIVE, as {@link firstCause} does for a failure. */
export const whyUndecided = (checker: Checker, failed: Failed): string | undefined =>
  firstCause(checker, failed) ?? firstAmong(called(checker.undecidedBy), failed);

function firstAmong(causes: readonly Checker[], failed: Failed): string | undefined {
  for (const cause of causes) {
    const found = firstCause(cause, failed) ?? failed.get(cause.name);
    if (found !== undefined) return found;
  }
  return undefined;
}
