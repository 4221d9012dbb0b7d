import { nearest } from '../base/nearest.ts';
import type { WireMutant } from '../wire/wire-mutant.ts';
import { ANSWERS, OF_ALL_RESPONSES } from './answers/index.ts';
import { BREAKER } from './breaker/index.ts';
import { BUDGETS } from './budgets/index.ts';
import { END } from './end/index.ts';
import { FALLBACK } from './fallback/index.ts';
import { ALWAYS_FOUNDED, FOUNDATION, RECORD } from './foundation/index.ts';
import { FREEZE } from './freeze/index.ts';
import type { BuiltInChecker, Checker } from './lib/checker.ts';
import type { Family } from './lib/family.ts';
import { LOAD } from './load/index.ts';
import { POOL } from './pool/index.ts';
import { RATE_LIMIT } from './rate-limit/index.ts';
import { START } from './start/index.ts';
import { TOOLS } from './tools/index.ts';
import { UPSTREAM } from './upstream/index.ts';
import { WORK } from './work/index.ts';

const byName = (checkers: readonly Checker[]): Record<string, Checker> =>
  Object.fromEntries(checkers.map((checker) => [checker.name, checker]));

/** The families of the checkers that judge the service, in the order of docs/failing-checks.md. */
const FAMILIES: readonly Family[] = [
  LOAD,
  ANSWERS,
  UPSTREAM,
  FALLBACK,
  WORK,
  TOOLS,
  BREAKER,
  FREEZE,
  RATE_LIMIT,
  BUDGETS,
  POOL,
  START,
  END,
];

export const ALL_FAMILIES: readonly Family[] = [...FAMILIES, FOUNDATION];

/** All checkers of this package. */
export const BUILT_IN: readonly BuiltInChecker[] = ALL_FAMILIES.flatMap(({ checkers }) => checkers);

export const WIRE_MUTANTS: readonly WireMutant[] = ALL_FAMILIES.flatMap(({ mutants }) => mutants);

/** The checkers that judge the service in every scenario. They come last. */
export const ALWAYS: readonly BuiltInChecker[] = [...OF_ALL_RESPONSES, ...ALWAYS_FOUNDED];

const listable = byName(FAMILIES.flatMap(({ checkers }) => checkers.filter((checker) => !ALWAYS.includes(checker))));

/** The checkers that a scenario can list in `holds`, by name. */
export const CHECKERS: Readonly<Record<string, Checker>> = listable;

/** Whether one of these checkers judges samples of database connections, which a team's own checker may do. */
export const countConnections = (names: readonly string[]): boolean =>
  names.some((name) => {
    const builtIn = BUILT_IN.find((checker) => checker.name === name);
    return builtIn === undefined || builtIn.countsConnections === true;
  });

/** The checkers that apply to every scenario, by name. */
export const COMMON: Readonly<Record<string, Checker>> = byName([...RECORD, ...ALWAYS]);

/**
 * Adds a team's own checker to those that a scenario can list, for this process.
 *
 * @throws RangeError if there is a checker with this name
 */
export function addChecker(checker: Checker): void {
  const { name } = checker;
  if (Object.hasOwn(CHECKERS, name) || Object.hasOwn(COMMON, name)) {
    throw new RangeError(`there is already a check "${name}"`);
  }
  listable[name] = checker;
}

/**
 * Returns an error message if one of the names is not a checker's name, and undefined otherwise. The message contains
 * the nearest name, or all names if none is similar.
 */
export function unknownChecker(names: readonly string[]): string | undefined {
  const unknown = names.find((name) => !Object.hasOwn(CHECKERS, name));
  if (unknown === undefined) return undefined;
  const known = Object.keys(CHECKERS);
  const meant = nearest(unknown, known);
  return `unknown check "${unknown}"; ${meant === undefined ? `allowed: ${known.join(', ')}` : `did you mean "${meant}"?`}`;
}
